"""Choices of the database."""

from django.db import models


class ReviewStatus(models.TextChoices):
    """What a reviewer thinks of a sample."""

    UNREVIEWED = "unreviewed", "Unreviewed"
    APPROVED = "approved", "Approved"
    NEEDS_WORK = "needs_work", "Needs work"
    REJECTED = "rejected", "Rejected"
