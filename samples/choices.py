"""The taxonomy's closed vocabularies as choices of the database."""

from django.db import models

from samples.taxonomy import taxonomy

JURISDICTIONS = [(entry.id, entry.name) for entry in taxonomy().jurisdictions]
DIFFICULTIES = [(entry.id, entry.name) for entry in taxonomy().difficulties]
SAMPLE_TYPES = [(entry.id, entry.name) for entry in taxonomy().sample_types]


class ReviewStatus(models.TextChoices):
    """What a reviewer thinks of a sample."""

    UNREVIEWED = "unreviewed", "Unreviewed"
    APPROVED = "approved", "Approved"
    NEEDS_WORK = "needs_work", "Needs work"
    REJECTED = "rejected", "Rejected"
