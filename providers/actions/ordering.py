"""Locks, and lists rewritten under them.

An action takes every lock that it will need before its first write: the version row, which triggers write, is locked by
that write until the end, and a transaction that waited for a row while holding it could wait in a circle.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import connection

from providers.models import Model, Provider

T = TypeVar("T")

NAMES_MAX = 1_000
SHOWN_MAX = 20
PROVIDER_LIST_LOCK = 7_314_001  # any number that no other advisory lock of this database uses


def lock_provider(provider_id: str) -> Provider:
    """The provider, locked until the end of the transaction with everything that hangs on it."""
    if not isinstance(provider_id, str) or "\x00" in provider_id:
        raise Provider.DoesNotExist(f"No provider {provider_id!r}.")
    return Provider.objects.select_for_update(no_key=True).get(pk=provider_id)


def lock_providers() -> list[Provider]:
    """All providers in selection order, locked; the advisory lock holds back a provider that is just being created."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PROVIDER_LIST_LOCK])
    locked = Provider.objects.select_for_update(no_key=True).order_by("pk")
    return sorted(locked, key=lambda provider: (provider.order, provider.pk))


def lock_model(pk: int) -> tuple[Model, list[Model]]:
    """The model and the whole list that it stands in, under its provider's lock."""
    provider = lock_provider(Model.objects.values_list("provider_id", flat=True).get(pk=pk))
    listed = models_of(provider)
    model = next((entry for entry in listed if entry.pk == pk), None)
    if model is None:
        raise Model.DoesNotExist(f"No model {pk!r}.")
    return model, listed


def models_of(provider: Provider) -> list[Model]:
    return list(Model.objects.filter(provider=provider).order_by("fallback_priority", "pk"))


def rewrite(ordered: Sequence[Provider | Model]) -> None:
    """Give every row its place in the list, of providers or of one's models; none is written that has it already."""
    changed: list[Any] = []
    for place, row in enumerate(ordered):
        if getattr(row, row.order_field_name) != place:
            setattr(row, row.order_field_name, place)
            changed.append(row)
    if changed:
        table = type(changed[0])
        table._default_manager.bulk_update(changed, [table.order_field_name])


def placed(listed: Sequence[T], item: T, position: int) -> list[T]:
    """The list with ``item`` at ``position``, clamped to the list."""
    rest = [entry for entry in listed if entry != item]
    place = min(max(position, 0), len(rest))
    return [*rest[:place], item, *rest[place:]]


def moved(listed: Mapping[Any, T], key: Any, *, before: Any, after: Any) -> list[T]:
    """The list with one entry put right before or right after another one."""
    if (before is None) == (after is None):
        raise ValidationError({"before": "Give either before or after: the row to move next to."})
    field, anchor = ("before", before) if before is not None else ("after", after)
    if isinstance(anchor, bool) or not isinstance(anchor, int | str) or anchor not in listed:
        message = f"{anchor!r} is not in the same list. Reload the page and try again."
        raise ValidationError({field: ValidationError(message, code="conflict")})
    if anchor == key:
        return list(listed.values())
    rest = [entry for name, entry in listed.items() if name != key]
    return placed(rest, listed[key], rest.index(listed[anchor]) + (after is not None))


def reordered(listed: Mapping[str, Model], names: Iterable[str]) -> list[Model]:
    """The list with the named models first, in that order; the rest keep theirs."""
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise ValidationError({"model_order": "Give a list of model ids as texts."})
    if not names:
        raise ValidationError({"model_order": "The list is empty. Name at least one model id."})
    if len(names) > NAMES_MAX:
        raise ValidationError({"model_order": f"Name {NAMES_MAX:,} model ids at most."})
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise ValidationError({"model_order": f"Named twice: {', '.join(twice)}. Name each model once."})
    unknown = [name for name in names if name not in listed]
    if unknown:
        shown = ", ".join(unknown[:SHOWN_MAX])
        raise ValidationError({"model_order": f"Unknown model: {shown}. Known: {', '.join(listed) or 'none'}."})
    named = set(names)
    return [*(listed[name] for name in names), *(entry for name, entry in listed.items() if name not in named)]
