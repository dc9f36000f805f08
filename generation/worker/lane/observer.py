"""What a lane notes of its routes: that one fell out, that it answers again. Once, however many items meet it."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from providers.calling.failover import Observer
from providers.llm.answers.same_model import other_model
from providers.routing.admission import ScopeState
from providers.routing.route import Route

SAME_S = 3.0  # two suspensions of a scope that end this close to each other are one


@dataclass(frozen=True, slots=True)
class Suspended:
    """``until`` is the epoch time of its end, ``times`` how often it failed in a row."""

    scope: str
    reason: str
    seconds: float
    until: float
    times: int
    next: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """It answered, or its suspension was lifted before its time."""

    scope: str
    is_lifted: bool = False


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers for a route: another model by name, or nothing where it is the one that was asked for."""

    scope: str
    answered_by: str


Note = Suspended | Recovered | Answering


@dataclass(slots=True)
class LaneObserver(Observer):
    """What the shared store says of suspensions is what is noted, so that the timeline and every other page agree.

    ``notes`` are those that nobody has taken away yet.
    """

    clock: Callable[[], float] = time.time
    notes: list[Note] = field(default_factory=list)
    _until: dict[str, float] = field(default_factory=dict)
    _answering: dict[str, str] = field(default_factory=dict)
    _answered: dict[str, float] = field(default_factory=dict)

    def look(self, states: Mapping[str, ScopeState], routes: Sequence[Route], asked_at: float) -> None:
        """``states`` are those of the routes' scopes, as asked for at ``asked_at`` by the clock."""
        for scope, state in states.items():
            if self._answered.get(scope, 0.0) >= asked_at:
                continue
            if state.is_suspended:
                self._suspended(state, next((route.key for route in routes if _is_open(route, states)), ""))
            elif scope in self._until and _is_forgotten(state):
                del self._until[scope]
                self.notes.append(Recovered(scope, is_lifted=True))

    def answered(self, route: Route, model: str) -> None:
        self._note_who_answers(route, model)
        for scope in route.scopes:
            self._answered[scope] = self.clock()
            if self._until.pop(scope, None) is not None:
                self.notes.append(Recovered(scope))

    def _note_who_answers(self, route: Route, model: str) -> None:
        """Another model once for each name; that it is itself only where nobody else has answered here."""
        if not model:
            return
        other = other_model(route.model.model_id, model)
        known = self._answering.get(route.key)
        if known is None or (other and other != known):
            self._answering[route.key] = other
            self.notes.append(Answering(route.key, other))

    def _suspended(self, state: ScopeState, next_key: str) -> None:
        seconds = state.suspended_for_s
        until = self.clock() + seconds
        if until < self._until.get(state.scope, 0.0) + SAME_S:
            return
        self._until[state.scope] = until
        self.notes.append(Suspended(state.scope, state.reason, seconds, until, state.failures, next_key))


def _is_open(route: Route, states: Mapping[str, ScopeState]) -> bool:
    return not any(scope in states and states[scope].is_suspended for scope in route.scopes)


def _is_forgotten(state: ScopeState) -> bool:
    """Somebody has lifted it, or changed what it was suspended for."""
    return not state.half_open and not state.failures
