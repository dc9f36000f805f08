"""Vendors that count for themselves, and refuse what is too much when it arrives."""

import asyncio
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random

from providers.llm.errors import ErrorKind, Fault, LLMError
from providers.llm.types import Completion, CompletionRequest, Endpoint, ModelFacts, Usage
from providers.sandbox.answers import answer_text, tokens

REQUESTS, TOKENS = "requests", "tokens"
WINDOWS: Mapping[str, tuple[str, float]] = {
    "requests_per_minute": (REQUESTS, 60.0),
    "tokens_per_minute": (TOKENS, 60.0),
    "requests_per_day": (REQUESTS, 86_400.0),
}
ON_ITS_WAY_S = 0.1
"""A request arrives up to so much later than it was sent."""
SPREAD = 0.3
"""Answers of one model differ in time by so much of the usual, those of one type in length by half of that."""
TYPE_TOKENS = (300, 900)


@dataclass(slots=True)
class Meter:
    """One limit in a true sliding window. ``units`` counts what was let in, by the second of its arrival."""

    name: str
    unit: str
    window_s: float
    limit: int
    units: Counter[int] = field(default_factory=Counter)
    refused: int = 0
    _inside: deque[tuple[float, int]] = field(default_factory=deque)
    _sum: int = 0

    def has_room(self, now: float, units: int) -> bool:
        while self._inside and self._inside[0][0] <= now - self.window_s:
            self._sum -= self._inside.popleft()[1]
        return self._sum + units <= self.limit

    def take(self, now: float, units: int) -> None:
        self._inside.append((now, units))
        self._sum += units
        self.units[int(now)] += units

    def used(self, since: float, until: float) -> int:
        return sum(units for second, units in self.units.items() if since <= second < until)

    def share(self, since: float, until: float) -> float:
        """Of what it allows in that time; of a window that is longer than it, of the window."""
        if self.window_s > until - since:
            return self.used(0, until) / self.limit
        return self.used(since, until) / (self.limit * (until - since) / self.window_s)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """``latency_s`` is the usual one. ``dies_of``: each call fails so, from second to second of ``away``; else
    the share ``fails`` of all calls does, with a server error."""

    latency_s: float
    dies_of: Fault | None = None
    away: tuple[float, float] = (0.0, float("inf"))
    fails: float = 0.0

    def fault(self, now: float, rng: Random) -> Fault | None:
        if self.dies_of and self.away[0] <= now < self.away[1]:
            return self.dies_of
        return Fault(ErrorKind.SERVER, 500, detail="once in a while") if rng.random() < self.fails else None


@dataclass(slots=True)
class VendorModel:
    """``meters`` are all that cover it; ``arrivals`` counts calls, and ``failed`` what kind of fault they met."""

    key: str
    behaviour: Behaviour
    meters: tuple[Meter, ...]
    arrivals: int = 0
    failed: Counter[ErrorKind] = field(default_factory=Counter)

    def binding(self, since: float, until: float) -> Meter:
        """The limit that is used up the most."""
        return max(self.meters, key=lambda meter: meter.share(since, until))


class Vendors:
    """All of them; one generator of random numbers, and a clock that gives seconds since the start."""

    def __init__(self, models: Iterable[VendorModel], rng: Random) -> None:
        self.models = {model.key: model for model in models}
        self.rng = rng
        self.started_at = asyncio.get_running_loop().time()

    @property
    def now(self) -> float:
        return asyncio.get_running_loop().time() - self.started_at

    @property
    def meters(self) -> list[Meter]:
        return list({id(meter): meter for model in self.models.values() for meter in model.meters}.values())

    def client(self, endpoint: Endpoint) -> "Line":
        return Line(self, endpoint.provider_id)


@dataclass(frozen=True, slots=True)
class Line:
    """Satisfies Client."""

    vendors: Vendors
    provider_id: str

    async def complete(self, model: ModelFacts, request: CompletionRequest) -> Completion:
        there, rng = self.vendors.models[f"{self.provider_id}/{model.model_id}"], self.vendors.rng
        usage = _usage(request, rng)
        await asyncio.sleep(rng.uniform(0, ON_ITS_WAY_S))
        there.arrivals += 1
        latency_s = there.behaviour.latency_s * rng.uniform(1 - SPREAD, 1 + SPREAD)
        if fault := there.behaviour.fault(self.vendors.now, rng) or _refusal(there, self.vendors.now, usage):
            there.failed[fault.kind] += 1
            await asyncio.sleep(min(latency_s, 1.0))
            raise LLMError(fault)
        await asyncio.sleep(latency_s)
        return Completion(ANSWER, usage, latency_s)

    async def list_models(self) -> tuple[str, ...]:
        return ()

    async def aclose(self) -> None:
        return None


ANSWER = answer_text("good", "a prompt")


def _usage(request: CompletionRequest, rng: Random) -> Usage:
    """Answers to prompts of one length are of about one length."""
    prompt = tokens("".join(message.content for message in request.messages))
    least, most = TYPE_TOKENS
    usual = Random(prompt).uniform(least, most)
    return Usage(prompt, round(usual * rng.uniform(1 - SPREAD / 2, 1 + SPREAD / 2)))


def _refusal(there: VendorModel, now: float, usage: Usage) -> Fault | None:
    """A call that has room under every limit is counted by all of them; else by none, and those that are full know."""
    units = {REQUESTS: 1, TOKENS: usage.total_tokens}
    full = [meter for meter in there.meters if not meter.has_room(now, units[meter.unit])]
    for meter in full:
        meter.refused += 1
    if full:
        return Fault(ErrorKind.RATE_LIMITED, 429, detail=f"{full[0].name} is used up")
    for meter in there.meters:
        meter.take(now, units[meter.unit])
    return None
