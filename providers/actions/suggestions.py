"""Limits that vendors tell: written down, taken over by a person, or dismissed. Nothing is ever set by itself."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from providers.actions import ordering
from providers.actions.models import update_model
from providers.actions.providers import update_provider
from providers.calling.told_limits import Told
from providers.configuration import limit_lists
from providers.configuration.entries import limits_of
from providers.models import Model, Provider, ToldLimit
from providers.routing.config import LimitEntry, limit_name
from providers.routing.limits.suggesting import Suggestion
from providers.status.suggestions import suggestions_of

MOST = 12
CHANGED = "What the vendor tells has changed meanwhile. Look again, and decide then."
NOTHING = "There is nothing to take over: what the vendor tells is what is set, or it was dismissed."


def note_limits(news: Iterable[Told]) -> None:
    """Each where it is not known yet; of one model so many at most, whatever a server makes up."""
    for told in news:
        _note(told)


@transaction.atomic
def take_over(provider_id: str, marks: Collection[str] | None = None) -> list[Suggestion]:
    """Set what is suggested, for the provider and for its models; answers what that was.

    ``marks``: those that the person was shown; ValidationError where there are others by now, or none.
    """
    provider = ordering.lock_provider(provider_id)
    suggested = _shown(provider, marks)
    if not suggested:
        raise ValidationError({"suggestions": NOTHING})
    for model_id, own in _by_model(suggested).items():
        if model_id:
            model = Model.objects.get(provider=provider, model_id=model_id)
            update_model(model.pk, _changes(model, own))
        else:
            update_provider(provider.pk, _changes(provider, own))
    return suggested


@transaction.atomic
def dismiss(provider_id: str, marks: Collection[str] | None = None) -> list[Suggestion]:
    """Suggest it no more until another amount is told. As ``take_over``."""
    suggested = _shown(ordering.lock_provider(provider_id), marks)
    rows = [pk for suggestion in suggested for pk in suggestion.rows]
    ToldLimit.objects.filter(pk__in=rows).update(is_dismissed=True)
    return suggested


def _note(told: Told) -> None:
    model = Model.objects.filter(
        provider_id=told.provider_id,
        model_id=told.model_id,
        provider__adapter=told.adapter,
        provider__base_url=told.base_url,
    ).first()
    if model is None:
        return
    known = {(row.unit, row.window_s): row for row in ToldLimit.objects.filter(model=model)}
    row = known.get((told.unit, told.window_s))
    if (row is None and len(known) >= MOST) or (row is not None and row.amount == told.amount):
        return
    facts = {"amount": told.amount, "told_by": told.told_by, "seen_at": timezone.now(), "is_dismissed": False}
    ToldLimit.objects.update_or_create(model=model, unit=told.unit, window_s=told.window_s, defaults=facts)


def _shown(provider: Provider, marks: Collection[str] | None) -> list[Suggestion]:
    suggested = suggestions_of(provider)
    if marks is not None and {suggestion.mark for suggestion in suggested} != set(marks):
        raise ValidationError({"suggestions": CHANGED})
    return suggested


def _by_model(suggested: Iterable[Suggestion]) -> dict[str, list[Suggestion]]:
    groups: defaultdict[str, list[Suggestion]] = defaultdict(list)
    for suggestion in suggested:
        groups[suggestion.model_id].append(suggestion)
    return groups


def _changes(owner: Provider | Model, suggested: Sequence[Suggestion]) -> dict[str, Any]:
    """The columns with names, and where it takes rows, all the rows that there are then."""
    changes: dict[str, Any] = {}
    rows: dict[tuple[str, str], LimitEntry] = {}
    for told in (suggestion.told for suggestion in suggested):
        if (name := limit_name(told.unit, told.window)) != "limits":
            changes[name] = told.amount
        else:
            rows[told.unit, told.window.name] = told
    if not rows:
        return changes
    kept = [
        entry
        for entry in limits_of(owner).others
        if (entry.unit, entry.window.name) not in rows or entry.scope != limit_lists.scopes_of(owner)[0]
    ]
    return {**changes, "limits": [limit_lists.written(entry) for entry in (*kept, *rows.values())]}
