"""One walk over the routes that are open to an item: which of them is asked next, for how long, and what it means that
all refused. The failover asks the shared store at each step, the forecast works out what it would say."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from providers.routing.admission import Obstacle, Refused
from providers.routing.policy import SLACK_S, WhenFull, patience_s, soonest, until_tried_s


class WalkEnd(Enum):
    """What to do where no route let a call out.

    BEGIN_AGAIN: routes that the item has tried are worth more than a long wait. LOOK_AGAIN: the shortest wait is over,
    and others were served first. PROBED: a call in flight may bring a suspended route back. NO_ROUTE: none can work.
    """

    BEGIN_AGAIN = auto()
    LOOK_AGAIN = auto()
    PROBED = auto()
    NO_ROUTE = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """Stand in the line of the route at ``place`` for up to ``patience_s``; as a last resort, ask at once for a probe
    of it before its time."""

    place: int
    patience_s: float
    is_last_resort: bool = False


@dataclass(slots=True)
class Walk:
    """Over so many routes. Whoever walks writes into ``refused``, by the route's place, what came of each step, and
    leaves off where a call is let out; after the last step ``end`` is set.

    ``worth_s``: a longer wait for a full route is not worth it, since the item may begin again with what it has tried;
    None where it has tried nothing. ``may_come_back``: whether a call in flight may bring a suspended route back.
    ``clock`` gives seconds: what it stood in one line, it need not stand in the next.
    """

    routes: int
    when_full: WhenFull
    worth_s: float | None = None
    may_come_back: Callable[[], bool] = lambda: False
    clock: Callable[[], float] = lambda: 0.0
    refused: dict[int, Refused] = field(default_factory=dict)
    end: WalkEnd = WalkEnd.NO_ROUTE

    def steps(self) -> Iterator[Step]:
        begun_at = self.clock()
        for place in range(self.routes):
            yield Step(place, patience_s(self.when_full, list(self.refused.values()), self.clock() - begun_at))
        if not self._is_worth_waiting():
            self.end = WalkEnd.BEGIN_AGAIN
        elif (nearest := soonest(list(self.refused.values()))) is not None:
            self.end = WalkEnd.LOOK_AGAIN
            yield Step(nearest, self.refused[nearest].wait_s + SLACK_S)
        elif self.may_come_back() or self._is_probed():
            self.end = WalkEnd.PROBED
        else:
            for place in [place for place, each in self.refused.items() if until_tried_s(each) <= 0]:
                yield Step(place, 0.0, is_last_resort=True)
            self.end = WalkEnd.PROBED if self._is_probed() else WalkEnd.NO_ROUTE

    @property
    def retry_after_s(self) -> float:
        """When it is worth looking again."""
        return min(map(until_tried_s, self.refused.values()), default=0.0)

    def _is_worth_waiting(self) -> bool:
        worth_s, refused = self.worth_s, self.refused.values()
        return worth_s is None or any(
            each.obstacle is not Obstacle.SUSPENDED and each.wait_s <= worth_s for each in refused
        )

    def _is_probed(self) -> bool:
        return any(each.half_open for each in self.refused.values())
