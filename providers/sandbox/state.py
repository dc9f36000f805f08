"""What a running sandbox knows: the calls that it had, and what it was told to do."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from providers.sandbox.behaviours import Behaviour, Plan, parse
from providers.sandbox.limits import KeyLimit
from providers.sandbox.tally import Tally

ANY_KEY = "*"
CALLS_KEPT = 20_000


@dataclass(slots=True)
class Call:
    """One call as it came in, header names in lower case.

    ``time`` is epoch seconds; ``status`` is 0 until, and unless, it was answered. ``tokens`` is the usage that the
    answer told.
    """

    model: str
    key: str
    time: float
    headers: dict[str, str]
    body: dict[str, Any] = field(repr=False)
    behaviour: str = ""
    status: int = 0
    tokens: int = 0


@dataclass(slots=True)
class State:
    clock: Callable[[], float] = time.time
    latency_s: float = 0.0
    keeps_bodies: bool = True
    calls: list[Call] = field(default_factory=list)
    model_plans: dict[str, Plan] = field(default_factory=dict)
    key_plans: dict[str, Plan] = field(default_factory=dict)
    limits: dict[str, KeyLimit] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    first_seen: dict[str, float] = field(default_factory=dict)
    model_tallies: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    key_tallies: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))

    def record(self, call: Call) -> None:
        """Keeps the call, and forgets the older half when there are too many: a benchmark may run for hours."""
        if len(self.calls) >= CALLS_KEPT:
            del self.calls[: CALLS_KEPT // 2]
        self.calls.append(call)
        for tally in self._tallies(call):
            tally.arrivals.append(call.time)

    def answered(self, call: Call) -> None:
        """Counts what became of the call, and drops what it held where bodies are not kept."""
        for tally in self._tallies(call):
            tally.answered(call.status, call.behaviour, call.tokens)
        if not self.keeps_bodies:
            call.headers, call.body = {}, {}

    def _tallies(self, call: Call) -> tuple[Tally, Tally]:
        return self.model_tallies[call.model], self.key_tallies[call.key]

    def behaviour_of(self, model: str, key: str) -> Behaviour | None:
        """What this call gets: told for its key, told for its model, or read from the model's name. Counts the call."""
        plan = self.key_plans.get(key) or self.model_plans.get(model) or parse(model)
        if plan is None:
            return None
        now = self.clock()
        call = self.counts[model]
        self.counts[model] += 1
        return plan.at(call, now - self.first_seen.setdefault(model, now))

    def limit_of(self, key: str) -> KeyLimit | None:
        """The key's own limit, else its own copy of what was set for any key."""
        if key not in self.limits and (general := self.limits.get(ANY_KEY)):
            self.limits[key] = general.for_another_key()
        return self.limits.get(key)

    def set_behaviour(self, word: str | None, *, model: str | None = None, key: str | None = None) -> None:
        """Tells a model or a key what to do from now on, counted anew; None takes it back."""
        plan = parse(word) if word else None
        if word and plan is None:
            raise ValueError(f"'{word}' is no behaviour.")
        if (model is None) == (key is None):
            raise ValueError("Name either a model or a key.")
        plans, name = (self.model_plans, model) if model is not None else (self.key_plans, key)
        plans.pop(name or "", None)
        if plan is not None:
            plans[name or ""] = plan
        if model is not None:
            self.counts.pop(model, None)
            self.first_seen.pop(model, None)

    def set_limit(
        self,
        key: str = ANY_KEY,
        *,
        requests_per_minute: int | None = None,
        tokens_per_minute: int | None = None,
        window_s: float = 60.0,
        names_window: bool = False,
    ) -> None:
        """Limits a key, or each key by itself; without a number the limit is taken away."""
        limit = KeyLimit(requests_per_minute, tokens_per_minute, window_s, names_window)
        self.limits.pop(key, None)
        if requests_per_minute is not None or tokens_per_minute is not None:
            self.limits[key] = limit

    def reset(self) -> None:
        """Forgets calls, orders and limits; the latency and whether bodies are kept stay."""
        self.calls.clear()
        for known in (self.model_plans, self.key_plans, self.limits, self.counts, self.first_seen):
            known.clear()
        self.model_tallies.clear()
        self.key_tallies.clear()
