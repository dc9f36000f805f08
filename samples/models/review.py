"""What reviewers think of samples."""

from django.conf import settings
from django.db import models

from samples import choices
from samples.models.sample import Sample


class Review(models.Model):
    """One decision on a sample, or one taken back: what stood before it stands again. Append-only.

    The one that stands is on the sample itself too.
    """

    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="reviews")
    status = models.CharField(max_length=12, choices=choices.ReviewStatus)
    note = models.TextField(blank=True)
    is_undo = models.BooleanField(default=False, db_default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "reviews"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.status}: sample {self.sample_id}"
