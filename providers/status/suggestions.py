"""Limits that a provider's vendor tells and that are not what is set: what its page and the API suggest."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from providers.configuration.entries import limits_of
from providers.models import Model, Provider, ToldLimit
from providers.routing.config import LimitEntry, LimitScope
from providers.routing.limits.amounts import Unit
from providers.routing.limits.suggesting import Suggestion, set_for


def suggestions_of(provider: Provider) -> list[Suggestion]:
    """Those that matter more come first: lower than what is set. One statement where nothing is told."""
    rows = ToldLimit.objects.filter(model__provider_id=provider.pk, is_dismissed=False)
    rows = rows.select_related("model").prefetch_related("model__limits").order_by("model__fallback_priority", "pk")
    found = list(_suggested(provider, list(rows)))
    return sorted(found, key=lambda suggestion: not suggestion.is_lower)


def _suggested(provider: Provider, rows: Sequence[ToldLimit]) -> Iterator[Suggestion]:
    shared: defaultdict[tuple[str, int], list[ToldLimit]] = defaultdict(list)
    given = limits_of(provider).entries(LimitScope(provider.limits_scope)) if rows else ()
    for row in rows:
        own = _own_limit(row, given)
        if own is None and provider.limits_scope == LimitScope.ACCOUNT:
            shared[row.unit, row.window_s].append(row)
        elif suggestion := _differing([row], LimitScope.MODEL, own, row.model):
            yield suggestion
    for told in shared.values():
        is_set = set_for(_entry(told[0], LimitScope.ACCOUNT), given)
        if suggestion := _differing(told, LimitScope.ACCOUNT, is_set):
            yield suggestion


def _own_limit(row: ToldLimit, given: Iterable[LimitEntry]) -> LimitEntry | None:
    """What is set for the model by itself, else what its provider gives to each."""
    told = _entry(row, LimitScope.MODEL)
    return set_for(told, limits_of(row.model).entries(LimitScope.MODEL)) or set_for(told, given)


def _differing(
    rows: Sequence[ToldLimit], scope: LimitScope, is_set: LimitEntry | None, model: Model | None = None
) -> Suggestion | None:
    """None where what is set is what is told; of several models the least counts."""
    lowest = min(rows, key=lambda row: row.amount)
    told = _entry(lowest, scope)
    if is_set is not None:
        if is_set.amount == told.amount:
            return None
        told = replace(told, window=is_set.window)
    return Suggestion(
        told,
        is_set,
        model.model_id if model else "",
        lowest.told_by,
        lowest.seen_at,
        tuple(row.pk for row in rows),
        differs=len({row.amount for row in rows}) > 1,
    )


def _entry(row: ToldLimit, scope: LimitScope) -> LimitEntry:
    return LimitEntry(scope, Unit(row.unit), row.amount, row.window)
