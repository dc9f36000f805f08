"""The citations of samples, and the authorities that are known to exist."""

from typing import Self

from django.db import models

from samples.citations.citation import Citation, Kind
from samples.citations.standing import Standing
from samples.models.sample import Sample

KEY_MAX = 300
TEXT_MAX = 500


class SampleCitation(models.Model):
    """An authority that a sample cites; ``key`` is the same wherever the same authority is cited."""

    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="citations", db_index=False)
    place = models.PositiveSmallIntegerField(help_text="Its place in the sample: the list first, then the text.")
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in Kind])
    key = models.CharField(max_length=KEY_MAX)
    source = models.CharField(max_length=TEXT_MAX, blank=True, help_text="Court, series, code, act or treaty.")
    court = models.CharField(max_length=TEXT_MAX, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    volume = models.CharField(max_length=20, blank=True)
    number = models.CharField(max_length=100, blank=True)
    pinpoint = models.CharField(max_length=TEXT_MAX, blank=True)
    parties = models.CharField(max_length=TEXT_MAX, blank=True)
    raw = models.CharField(max_length=TEXT_MAX)
    is_parallel = models.BooleanField(default=False, help_text="Another report of the case before it.")
    is_listed = models.BooleanField(default=True, help_text="Whether case_citation has it, or the text alone.")
    standing = models.CharField(
        max_length=12,
        choices=[(standing.value, standing.value) for standing in Standing],
        default=Standing.UNCOMPARED.value,
        help_text="Whether the authorities that were imported have it.",
    )

    class Meta:
        db_table = "sample_citations"
        ordering = ["sample_id", "place"]
        constraints = [models.UniqueConstraint(fields=["sample", "place"], name="sample_citations_place")]
        indexes = [
            models.Index(fields=["key", "sample"], name="sample_citations_key"),
            models.Index(
                fields=["sample"],
                condition=models.Q(standing=Standing.OTHER_NAME.value),
                name="sample_citations_other_name",
            ),
        ]

    def __str__(self) -> str:
        return self.raw

    @property
    def kind_words(self) -> str:
        return Kind(self.kind).words

    @classmethod
    def of(cls, sample: Sample, place: int, citation: Citation, *, is_listed: bool) -> Self:
        return cls(
            sample=sample,
            place=place,
            kind=citation.kind.value,
            key=citation.key[:KEY_MAX],
            source=citation.source[:TEXT_MAX],
            court=citation.court[:TEXT_MAX],
            year=citation.year,
            volume=citation.volume[:20],
            number=citation.number[:100],
            pinpoint=citation.pinpoint[:TEXT_MAX],
            parties=citation.parties[:TEXT_MAX],
            raw=citation.raw[:TEXT_MAX],
            is_parallel=citation.is_parallel,
            is_listed=is_listed,
        )


class Authority(models.Model):
    """One that somebody's list has: real cases and acts, imported by ``manage.py import_authorities``.

    ``reference`` tells the entries of one key apart: what the list itself calls it, or else its name.
    """

    key = models.CharField(max_length=KEY_MAX)
    reference = models.CharField(max_length=TEXT_MAX)
    name = models.CharField(max_length=TEXT_MAX, blank=True)

    class Meta:
        db_table = "authorities"
        constraints = [models.UniqueConstraint(fields=["key", "reference"], name="authorities_key")]
        indexes = [models.Index(fields=["reference"], name="authorities_reference")]
        verbose_name_plural = "authorities"

    def __str__(self) -> str:
        return f"{self.name} {self.key}".strip()
