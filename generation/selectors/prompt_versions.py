"""Versions of the prompts' wording as lists show them."""

from django.db.models import BooleanField, Case, Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from generation.models import Batch, PromptChoice, PromptTrial, PromptVersion


def shown_versions() -> QuerySet[PromptVersion]:
    """Each with ``is_current``, ``batch_count`` and ``trial_count``; newest first."""
    current = PromptChoice.objects.values("version")[:1]
    is_current = Case(When(number=Subquery(current), then=Value(True)), default=False, output_field=BooleanField())
    return PromptVersion.objects.annotate(
        is_current=is_current, batch_count=_count(Batch, "prompt_version"), trial_count=_count(PromptTrial, "version")
    )


def _count(model: type[Batch] | type[PromptTrial], field: str) -> Coalesce:
    own = model._default_manager.filter(**{field: OuterRef("number")}).order_by().values(field)
    return Coalesce(Subquery(own.annotate(rows=Count(F("pk"))).values("rows")), 0, output_field=IntegerField())
