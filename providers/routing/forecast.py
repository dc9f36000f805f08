"""Which route an item would call, worked out from what keeps each of them: the walk of an errand, with nothing sent.

It goes by the rules of ``policy``, as the errand does, and takes for granted that nobody else calls meanwhile and no
place comes free.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from providers.routing.admission import Obstacle, Outlook, Refused
from providers.routing.policy import SLACK_S, WhenFull, patience_s, soonest

ROUNDS = 20
"""So often the whole chain is looked at anew, while places are taken everywhere."""


@dataclass(frozen=True, slots=True)
class Forecast:
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


def forecast(outlooks: Sequence[Outlook], when_full: WhenFull) -> Forecast:
    lines: frozenset[int] = frozenset()
    at_s = 0.0
    for _ in range(ROUNDS):
        refusals: list[Refused] = []
        for place, outlook in enumerate(outlooks):
            patience = patience_s(when_full, refusals)
            left = _stand_in_line(outlook, at_s, patience)
            at_s = left.at_s
            if left.refused is None:
                return Forecast(place, at_s, lines)
            if left.refused.obstacle is Obstacle.BUSY and patience:
                lines |= {place}
            refusals.append(left.refused)
        nearest = soonest(refusals)
        if nearest is None:
            wait_s = min((refused.wait_s for refused in refusals), default=0.0)
            return Forecast(None, at_s + wait_s, lines)
        left = _stand_in_line(outlooks[nearest], at_s, refusals[nearest].wait_s + SLACK_S)
        at_s = left.at_s
        if left.refused is None:
            return Forecast(nearest, at_s, lines)
        if left.refused.obstacle is Obstacle.BUSY:
            lines |= {nearest}
    return Forecast(None, at_s, lines)


def lets_out_within(outlook: Outlook, patience_s: float) -> bool:
    """Whether an item of that patience would get out there, or find taken places at worst."""
    refused = _stand_in_line(outlook, 0.0, patience_s).refused
    return refused is None or (refused.obstacle is Obstacle.BUSY and patience_s > 0)


def _stand_in_line(outlook: Outlook, from_s: float, patience_s: float) -> _Left:
    """Nobody waits out a suspension; else the item stays while the wait that it is told ends in time."""
    at_s, until_s = from_s, from_s + patience_s
    for told in outlook.obstacles:
        refused = replace(told, wait_s=told.wait_s if told.obstacle is Obstacle.BUSY else told.wait_s - at_s)
        if refused.wait_s <= 0:
            continue
        if refused.obstacle is Obstacle.BUSY:
            return _Left(until_s, refused)
        if refused.obstacle is Obstacle.SUSPENDED or at_s + refused.wait_s > until_s:
            return _Left(at_s, refused)
        at_s += refused.wait_s
    return _Left(at_s, None)
