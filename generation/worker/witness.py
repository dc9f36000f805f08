"""What a lane notes of its routes: that one fell out, that it answers again. Once, however many items meet it."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from providers.errand import Witness
from providers.llm.errors import ErrorKind
from providers.routing.admission import Refused
from providers.routing.route import Route

SAME_S = 3.0  # two suspensions of a scope that end this close to each other are one


@dataclass(frozen=True, slots=True)
class Suspended:
    """``until`` is the epoch time of its end, ``times`` how often the lane saw it fail in a row, as far as known."""

    scope: str
    reason: str
    seconds: float
    until: float
    times: int
    next: str


@dataclass(frozen=True, slots=True)
class Recovered:
    scope: str


Note = Suspended | Recovered


@dataclass(slots=True)
class LaneWitness(Witness):
    """``notes`` are those that nobody has taken away yet."""

    clock: Callable[[], float] = time.time
    notes: list[Note] = field(default_factory=list)
    _until: dict[str, float] = field(default_factory=dict)
    _failures: Counter[str] = field(default_factory=Counter)

    def suspended(self, refused: Refused, onward: Route | None) -> None:
        until = self.clock() + refused.wait_s
        if refused.half_open or until < self._until.get(refused.scope, 0.0) + SAME_S:
            return
        self._until[refused.scope] = until
        times = sum(
            count
            for key, count in self._failures.items()
            if key == refused.scope or key.startswith(f"{refused.scope}/")
        )
        next_key = onward.key if onward else ""
        self.notes.append(Suspended(refused.scope, refused.reason, refused.wait_s, until, times, next_key))

    def failed(self, route: Route, kind: ErrorKind) -> None:
        self._failures[route.key] += 1

    def answered(self, route: Route) -> None:
        self._failures.pop(route.key, None)
        for scope in route.scopes:
            if self._until.pop(scope, None) is not None:
                self.notes.append(Recovered(scope))
