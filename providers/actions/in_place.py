"""What people do to a row where it stands in a list that may be out of date.

Each goes through the action that everybody uses, and tells what it found under the lock, so that the page can say what
somebody else had done before. With ``only_from`` it is done from that state alone: that is how something is undone.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from providers.actions import models, ordering, providers
from providers.calling import shared_store
from providers.configuration.positions import Positions, order_of_models
from providers.models import Model, Provider
from providers.status.health import scope_of

Row = Provider | Model


class OutdatedError(ValidationError):
    """It is not as it was any more, so nothing was done."""

    def __init__(self) -> None:
        super().__init__("Somebody has changed this meanwhile.", code="conflict")


@dataclass(frozen=True, slots=True)
class Moved:
    """The orders before and after."""

    was: Positions
    now: Positions


@dataclass(frozen=True, slots=True)
class Championed:
    """The provider's champions before and after, by primary key."""

    was: int | None
    now: int | None


@transaction.atomic
def place_provider(pk: str, *, before: Any = None, after: Any = None, only_from: str | None = None) -> Moved:
    was = _order_of_providers()
    _refuse_unless(only_from in (None, was.mark))
    providers.move_provider(pk, before=before, after=after)
    return Moved(was, _order_of_providers())


@transaction.atomic
def place_model(
    pk: int, *, before: Any = None, after: Any = None, only_from: str | None = None, exactly: bool = False
) -> Moved:
    """As the list shows it: beside the model that its provider starts with means before all others, unless
    ``exactly`` that place is meant."""
    was = _order_of_models(pk)
    _refuse_unless(only_from in (None, was.mark))
    anchor = after if before is None else before
    if anchor is not None and anchor == was.start and not exactly:
        others = [key for key in was.keys if key not in (pk, was.start)]
        before, after = (others[0] if others else pk), None
    models.move_model(pk, before=before, after=after)
    return Moved(was, _order_of_models(pk))


def lock(table: type[Row], pk: Any) -> Row:
    """The row, which nobody else changes until the end of the transaction."""
    return ordering.lock_model(pk)[0] if table is Model else ordering.lock_provider(pk)


@transaction.atomic
def switch(table: type[Row], pk: Any, enabled: bool) -> bool:
    """Whether it had to be changed for that."""
    row = lock(table, pk)
    if row.enabled == enabled:
        return False
    if table is Model:
        models.set_model_enabled(pk, enabled)
    else:
        providers.set_provider_enabled(pk, enabled)
    return True


@transaction.atomic
def set_champion(pk: int, is_champion: bool, *, only_from: tuple[int | None] | None = None) -> Championed:
    """Makes the model its provider's champion, or takes that away from it; ``only_from`` holds one champion."""
    model, _ = ordering.lock_model(pk)
    was = model.provider.champion_model_id
    _refuse_unless(only_from is None or only_from[0] == was)
    if is_champion and was != pk:
        providers.update_provider(model.provider_id, {"champion_model": model.model_id})
    elif not is_champion and was == pk:
        providers.update_provider(model.provider_id, {"champion_model": None})
    return Championed(was, pk if is_champion else None if was == pk else was)


def try_again(row: Row) -> None:
    """Lifts the suspension at once; a model's provider is let out with it. Raises StoreUnavailable."""
    if isinstance(row, Provider):
        shared_store.lift([scope_of(row), *(scope_of(model) for model in row.models.all())])
    else:
        shared_store.lift([scope_of(row), row.provider_id])


def _refuse_unless(is_as_it_was: bool) -> None:
    if not is_as_it_was:
        raise OutdatedError


def _order_of_providers() -> Positions:
    return Positions(tuple(provider.pk for provider in ordering.lock_providers()))


def _order_of_models(pk: int) -> Positions:
    model, listed = ordering.lock_model(pk)
    return order_of_models(model.provider, listed)
