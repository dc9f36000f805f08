"""What was made: finished training samples."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models

from samples import choices
from samples.querysets import SampleQuerySet


class Sample(models.Model):
    """A training example with its provenance: ``batch_id`` and ``item_number`` say which order it came from."""

    question = models.TextField()
    answer = models.TextField()
    case_citation = models.TextField()
    reasoning = models.TextField()
    jurisdiction = models.CharField(max_length=30)
    practice_area = models.CharField(max_length=100, blank=True)
    topic = models.CharField(max_length=200)
    difficulty = models.CharField(max_length=20)
    sample_type = models.CharField(max_length=40)
    provider = models.CharField(max_length=50, blank=True)
    model = models.CharField(max_length=200, blank=True)
    model_answered = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text="Which model the vendor says that it was."
    )
    batch_id = models.BigIntegerField(null=True, blank=True)
    item_number = models.PositiveIntegerField(null=True, blank=True)
    tokens = models.PositiveIntegerField(default=0)
    as_at = models.DateField(null=True, blank=True, help_text="The law is that of this day. Empty: not told.")
    score = models.FloatField(
        null=True, blank=True, help_text="How far it is what was asked for, 0 to 1. Empty: not checked yet."
    )
    score_parts = models.JSONField(null=True, blank=True, help_text="What the score is made of, each from 0 to 1.")
    # Null where there is none: its index then holds no more than it must.
    findings = models.JSONField(null=True, blank=True, help_text="What rules of quality hold against it.")
    created_at = models.DateTimeField(auto_now_add=True)
    review = models.CharField(
        max_length=12,
        choices=choices.ReviewStatus,
        default=choices.ReviewStatus.UNREVIEWED,
        db_default=choices.ReviewStatus.UNREVIEWED,
    )
    review_note = models.TextField(blank=True, default="", db_default="")
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(SampleQuerySet)()

    class Meta:
        db_table = "samples"
        ordering = ["-id"]
        permissions = [("review_sample", "Can review sample")]
        constraints = [
            models.UniqueConstraint(fields=["batch_id", "item_number"], name="samples_one_per_item"),
        ]
        indexes = [
            models.Index(fields=["jurisdiction", "-id"], name="samples_jurisdiction"),
            models.Index(fields=["topic", "-id"], name="samples_topic"),
            models.Index(fields=["sample_type", "-id"], name="samples_type"),
            models.Index(fields=["difficulty", "-id"], name="samples_difficulty"),
            models.Index(fields=["review", "-id"], name="samples_review"),
            models.Index(fields=["created_at"], name="samples_created"),
            models.Index(fields=["score"], name="samples_score"),
            models.Index(fields=["-id"], condition=models.Q(findings__isnull=False), name="samples_found"),
            GinIndex(
                fields=["findings"],
                opclasses=["jsonb_path_ops"],
                condition=models.Q(findings__isnull=False),
                name="samples_findings",
            ),
            models.Index(fields=["-id"], condition=~models.Q(review_note=""), name="samples_noted"),
            GinIndex(SearchVector("question", "answer", "case_citation", config="english"), name="samples_search"),
        ]

    def __str__(self) -> str:
        return self.question[:80]

    @property
    def held(self) -> list[dict[str, str]]:
        """What rules of quality hold against it: rule, severity, field, message."""
        return self.findings or []

    @property
    def review_seen(self) -> str:
        """Names the review as it is now; another one after each decision."""
        return f"{self.review}@{self.reviewed_at.isoformat()}" if self.reviewed_at else self.review
