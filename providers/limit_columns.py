"""Limits as columns: of a provider, and of a model by itself."""

from collections.abc import Iterable

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

LIMITS = ("requests_per_minute", "tokens_per_minute", "requests_per_day")


def limit_field(help_text: str) -> "models.PositiveIntegerField[int | None, int | None]":
    return models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1, "Give at least 1, or leave it empty for no limit.")],
        help_text=f"{help_text} Empty: no limit.",
    )


def limit_constraints(prefix: str, names: Iterable[str] = LIMITS) -> list[models.CheckConstraint]:
    return [
        models.CheckConstraint(
            condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": 1}),
            name=f"{prefix}_{name}_positive",
            violation_error_message=f"{name} must be at least 1, or empty for no limit.",
        )
        for name in names
    ]


class Limited(models.Model):
    """The three limits that a vendor may set; of a provider, and of a model by itself."""

    requests_per_minute = limit_field("Requests in any 60 seconds.")
    tokens_per_minute = limit_field("Tokens, prompt and answer, in any 60 seconds.")
    requests_per_day = limit_field("Requests in any 24 hours.")

    class Meta:
        abstract = True
