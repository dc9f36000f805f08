"""Checking samples that are there by the rules as they are now. Nothing is ever deleted or refused by it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import QuerySet

from samples import vocabulary
from samples.actions.citing import renew_citations
from samples.models import Sample
from samples.quality import checking
from samples.quality.asked import asked_of
from samples.quality.draft import Draft
from samples.quality.findings import Finding
from samples.quality.judged import judged
from samples.taxonomy import Taxonomy

CHUNK = 500
TEXTS = ("question", "answer", "case_citation", "reasoning")
READ = ("pk", *TEXTS, "jurisdiction", "sample_type", "difficulty")


@dataclass(slots=True)
class CheckReport:
    """How many samples were checked, how many of them break a rule that rejects, and which rules how many break.

    ``last_pk`` is where to go on. ``unknown`` were checked by the text alone: nobody knows any more what was asked.
    """

    checked: int = 0
    rejected: int = 0
    unknown: int = 0
    last_pk: int = 0
    rules: Counter[tuple[str, str]] = field(default_factory=Counter)


def check_in_chunks(samples: QuerySet[Sample], *, after: int = 0, apply: bool = False) -> Iterator[CheckReport]:
    """The report so far after each chunk, by key, beginning after that one; what is told is done.

    By the taxonomy of now, what is off included. With ``apply`` score, findings and citations are written anew. The
    samples may be made, reviewed and deleted meanwhile.
    """
    report = CheckReport(last_pk=after)
    while chunk := list(samples.filter(pk__gt=report.last_pk).order_by("pk").only(*READ)[:CHUNK]):
        known = vocabulary.everything()
        for sample in chunk:
            _check(sample, known, report)
        if apply:
            Sample.objects.bulk_update(chunk, ["score", "score_parts", "findings"])
            renew_citations(Sample.objects.filter(pk__in=[sample.pk for sample in chunk]))
        yield report


def check_all(samples: QuerySet[Sample]) -> CheckReport:
    """Check all of them and write what came of it."""
    report = CheckReport()
    for report in check_in_chunks(samples, apply=True):  # noqa: B007 - the last one tells of all
        pass
    return report


def _check(sample: Sample, known: Taxonomy, report: CheckReport) -> None:
    draft = Draft(**{name: getattr(sample, name) for name in TEXTS})
    asked = asked_of(sample, known)
    findings = checking.check(draft, asked)
    for name, value in judged(draft, asked, findings).items():
        setattr(sample, name, value)
    _count(report, sample.pk, findings, is_known=asked is not None)


def _count(report: CheckReport, pk: int, findings: tuple[Finding, ...], *, is_known: bool) -> None:
    report.checked += 1
    report.last_pk = pk
    report.unknown += not is_known
    report.rejected += any(finding.is_rejecting for finding in findings)
    report.rules.update({(finding.rule, finding.severity.value) for finding in findings})
