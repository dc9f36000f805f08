"""Which route an item would call, worked out from what keeps each of them: the walk of a failover, with nothing sent.

It takes for granted that nobody else calls meanwhile and no place comes free.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from providers.routing.admission import Obstacle, Outlook, Refused
from providers.routing.policy import WhenFull
from providers.routing.walk import Step, Walk, WalkEnd

ROUNDS = 20
"""So often the whole chain is looked at anew, while places are taken everywhere."""


@dataclass(frozen=True, slots=True)
class RouteForecast:
    """The place of the route in the chain and when it is called. None where no route lets the item out: then ``at_s``
    is when it is worth looking again.

    ``lines`` are the places where the item stands in line before that, for a call to come back.
    """

    place: int | None
    at_s: float
    lines: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Left:
    """How standing in one line ends: let out, or refused."""

    at_s: float
    refused: Refused | None


def forecast(outlooks: Sequence[Outlook], when_full: WhenFull) -> RouteForecast:
    lines: frozenset[int] = frozenset()
    at_s = 0.0

    def clock() -> float:
        return at_s

    for _ in range(ROUNDS):
        walk = Walk(len(outlooks), when_full, clock=clock)
        for step in walk.steps():
            left = _take(step, outlooks[step.place], at_s)
            at_s = left.at_s
            if left.refused is None:
                return RouteForecast(step.place, at_s, lines)
            if left.refused.obstacle.ends_with_a_call and step.patience_s:
                lines |= {step.place}
            walk.refused[step.place] = left.refused
        if walk.end is not WalkEnd.LOOK_AGAIN:
            return RouteForecast(None, at_s + walk.retry_after_s, lines)
    return RouteForecast(None, at_s, lines)


def _take(step: Step, outlook: Outlook, at_s: float) -> _Left:
    """A last resort is let out in spite of a suspension, and of nothing else."""
    if step.is_last_resort:
        rest = tuple(told for told in outlook.obstacles if told.obstacle is not Obstacle.SUSPENDED)
        outlook = replace(outlook, obstacles=rest)
    return _stand_in_line(outlook, at_s, step.patience_s)


def lets_out_within(outlook: Outlook, patience_s: float) -> bool:
    """Whether an item of that patience would get out there, or find taken places at worst."""
    refused = _stand_in_line(outlook, 0.0, patience_s).refused
    return refused is None or (refused.obstacle.ends_with_a_call and patience_s > 0)


def _stand_in_line(outlook: Outlook, from_s: float, patience_s: float) -> _Left:
    """Nobody waits out a suspension; else the item stays while the wait that it is told ends in time."""
    at_s, until_s = from_s, from_s + patience_s
    for told in outlook.obstacles:
        refused = _remaining(told, at_s)
        if refused.wait_s <= 0:
            continue
        if refused.obstacle.ends_with_a_call:
            return _Left(until_s, refused)
        if refused.obstacle is Obstacle.SUSPENDED or at_s + refused.wait_s > until_s:
            return _Left(at_s, refused)
        at_s += refused.wait_s
    return _Left(at_s, None)


def _remaining(told: Refused, at_s: float) -> Refused:
    """It as it is ``at_s`` later. When a place comes free is not known."""
    if told.obstacle.ends_with_a_call:
        return told
    return replace(told, wait_s=told.wait_s - at_s, last_resort_s=told.last_resort_s - at_s)
