"""What people may set as a batch's caps, and what to say where they may not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from django.core.exceptions import ValidationError

from generation.engine.caps import MONEY_STEP
from generation.engine.planning.ordered import choice_of
from generation.models import Batch
from providers.configuration import snapshot
from providers.routing.route import RouteChoice, chain

TOKEN_CAP_MAX = 10**15
COST_CAP_MAX = 10**9


class CapReached(Exception):  # noqa: N818 - an answer, not an error
    """The batch's caps leave no room for one more item; the message has the numbers."""


class Kept(Enum):
    """What a change leaves as it is, where None already has a meaning."""

    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class CapChange:
    """New caps for a batch; None takes a cap away."""

    token_cap: int | Kept | None = Kept.KEPT
    cost_cap: Decimal | Kept | None = Kept.KEPT


KEEP_CAPS = CapChange()


def cap_errors(token_cap: int | None, cost_cap: Decimal | None, choice: RouteChoice) -> Iterator[tuple[str, str]]:
    """Field -> what is wrong with a new cap of a batch that asks for these routes; None is no cap."""
    if token_cap is not None and not 1 <= token_cap <= TOKEN_CAP_MAX:
        yield "token_cap", f"Give a number from 1 to {TOKEN_CAP_MAX:,}, or leave it empty for no cap."
    if cost_cap is None:
        return
    if not cost_cap.is_finite() or not 0 < cost_cap <= COST_CAP_MAX or cost_cap != cost_cap.quantize(MONEY_STEP):
        limits = f"above 0, up to {COST_CAP_MAX:,}, with 8 decimals at most"
        yield "cost_cap", f"Give an amount {limits}, or leave it empty for no cap."
    elif problem := _why_uncountable(choice):
        yield "cost_cap", problem


def changed_caps(batch: Batch, change: CapChange) -> tuple[int | None, Decimal | None]:
    """The batch's token cap and cost cap after the change.

    Raises ValidationError where a new one is no cap or too low, CapReached where one that stays leaves no room.
    """
    token_cap = None if isinstance(change.token_cap, Kept) else change.token_cap
    cost_cap = None if isinstance(change.cost_cap, Kept) else change.cost_cap
    if errors := dict(cap_errors(token_cap, cost_cap, choice_of(batch))):
        raise ValidationError(errors)
    guard = batch.spending_guard
    given = {"token_cap": change.token_cap, "cost_cap": change.cost_cap}
    if change.token_cap is not Kept.KEPT:
        guard = replace(guard, token_cap=token_cap)
    if change.cost_cap is not Kept.KEPT:
        guard = replace(guard, cost_cap=cost_cap)
    problems = guard.problems(batch.needs)
    if low := {name: problem for name, problem in problems.items() if given[name] is not Kept.KEPT}:
        raise ValidationError({name: f"{problem} Give a higher one, or none." for name, problem in low.items()})
    if problems:
        raise CapReached(" ".join(problems.values()))
    return guard.token_cap, guard.cost_cap


def _why_uncountable(choice: RouteChoice) -> str:
    """What to say where costs cannot be capped, since the routes asked for have no prices; empty where they can."""
    asked = [route for route in chain(snapshot.load(), replace(choice, priced_only=False)) if choice.names(route)]
    if not asked or any(route.model.is_priced for route in asked):
        return ""
    if choice.model_id:
        lack = f"{' / '.join(filter(None, (choice.provider_id, choice.model_id)))} lacks a price"
    elif choice.provider_id:
        lack = f"No enabled model of {choice.provider_id} has both its prices"
    else:
        lack = "No model that is on has both its prices"
    return (
        f"{lack}, and under a cost cap only models with an input and an output price are called. Enter prices in the "
        "admin or over the API, or cap the tokens instead."
    )
