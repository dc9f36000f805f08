"""A week of calls on a virtual clock: a greedy scheduler over the limits of the oracle, with nothing but numbers."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random

from generation.engine.estimates.jobs import Job, Run, Source
from generation.engine.estimates.throughput import run
from providers.routing.limits.amounts import Amounts
from providers.routing.limits.budget import Bucket, Reservation
from providers.routing.limits.urgency import Urgency
from providers.routing.limits.use import Use
from providers.routing.report import Report
from providers.routing.seconds import HOUR_S
from providers.tests.oracle.budgets import Budgets
from providers.tests.oracle.keys import Keys

SPREAD = 0.35
"""Tokens and latencies of single calls lie so far around their means."""
MARGIN = 1.3
"""So many times what it will use is reserved for a call."""


@dataclass(frozen=True)
class Vendor:
    """A route as the world knows it; ``amounts`` and ``latency_s`` are means."""

    key: str
    buckets: tuple[Bucket, ...]
    amounts: Amounts
    latency_s: float
    accepted: float = 0.95

    @property
    def source(self) -> Source:
        return Source(
            self.key, self.key.partition("/")[0], self.buckets, self.latency_s, self.amounts, 1 / self.accepted
        )


@dataclass
class Order:
    samples: int
    calls_at_once: int = 32
    urgency: Urgency = Urgency.NORMAL
    done: int = 0
    in_flight: int = 0
    ended_s: float | None = None

    @property
    def wants(self) -> bool:
        return self.done + self.in_flight < self.samples and self.in_flight < self.calls_at_once


@dataclass(frozen=True)
class Told:
    """What was told of an order at that moment, and how many samples were missing then."""

    order: int
    at_s: float
    missing: int
    run: Run | None


@dataclass
class World:
    """``starts_at_s`` counts from the epoch, as calendars do; all other times from the start."""

    vendors: Sequence[Vendor]
    orders: Sequence[Order]
    rng: Random
    starts_at_s: float
    clock_s: float = 0.0
    told: list[Told] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._budgets = Budgets(Keys(lambda: self.starts_at_s + self.clock_s))
        self._returns: list[tuple[float, int, Order, Reservation, Amounts, bool]] = []
        self._numbers = count()

    def pass_time(self, hours: int, every_s: float = HOUR_S) -> None:
        """Until all is done; what the forecast says is noted again and again."""
        next_told_s = 0.0
        while self.clock_s < hours * HOUR_S and any(order.ended_s is None for order in self.orders):
            if self.clock_s >= next_told_s:
                self._ask()
                next_told_s += every_s
            room_s = self._send_all()
            moments = [next_told_s, room_s, self._returns[0][0] if self._returns else room_s]
            self.clock_s = max(min(moments), self.clock_s)
            self._settle()

    def uses(self) -> dict[Bucket, Use]:
        return {bucket: self._budgets.use(bucket) for vendor in self.vendors for bucket in vendor.buckets}

    def _ask(self) -> None:
        numbers = [number for number, order in enumerate(self.orders) if order.ended_s is None]
        sources = tuple(vendor.source for vendor in self.vendors)
        jobs = [
            Job(sources, order.samples - order.done - order.in_flight, order.calls_at_once, order.urgency)
            for order in map(self.orders.__getitem__, numbers)
        ]
        runs = run(jobs, self.uses(), self.starts_at_s + self.clock_s)
        self.told += [
            Told(number, self.clock_s, self.orders[number].samples - self.orders[number].done, each)
            for number, each in zip(numbers, runs, strict=True)
        ]

    def _send_all(self) -> float:
        """Send what may leave now, the urgent ones first and equal ones in turns; until when there is no room."""
        while True:
            waiting = [order for order in self.orders if order.wants]
            if not waiting:
                return float("inf")
            first = max(waiting, key=lambda order: (order.urgency, -order.in_flight, self.rng.random()))
            room_s = self._send(first)
            if room_s > self.clock_s:
                return room_s

    def _send(self, order: Order) -> float:
        """By the first vendor with room; else when there will be some."""
        soonest = float("inf")
        for vendor in self.vendors:
            used = self._drawn(vendor.amounts)
            reserved = Amounts(used.input, round(used.output * MARGIN), 0, round(used.money * MARGIN))
            wait_s = max((self._budgets.wait_ms(bucket, reserved) for bucket in vendor.buckets), default=0) / 1000
            if wait_s <= 0:
                self._start(order, vendor, used, reserved)
                return self.clock_s
            soonest = min(soonest, self.clock_s + wait_s)
        return soonest

    def _start(self, order: Order, vendor: Vendor, used: Amounts, reserved: Amounts) -> None:
        number, at_ms = next(self._numbers), round((self.starts_at_s + self.clock_s) * 1000)
        for bucket in vendor.buckets:
            self._budgets.take(bucket, str(number), at_ms, reserved)
        order.in_flight += 1
        reservation = Reservation(str(number), vendor.buckets, reserved, (vendor.key,), at_ms)
        comes_s = self.clock_s + vendor.latency_s * self._factor()
        is_good = self.rng.random() < vendor.accepted
        heapq.heappush(self._returns, (comes_s, number, order, reservation, used, is_good))

    def _settle(self) -> None:
        for order, reservation, used, is_good in self._come_back():
            self._budgets.settle(reservation, Report(used=used), is_known=True)
            order.in_flight -= 1
            order.done += is_good
            if order.done >= order.samples:
                order.ended_s = self.clock_s

    def _come_back(self) -> Iterator[tuple[Order, Reservation, Amounts, bool]]:
        while self._returns and self._returns[0][0] <= self.clock_s:
            yield heapq.heappop(self._returns)[2:]

    def _drawn(self, mean: Amounts) -> Amounts:
        factor = self._factor()
        return Amounts(round(mean.input * self._factor()), round(mean.output * factor), 0, round(mean.money * factor))

    def _factor(self) -> float:
        return self.rng.uniform(1 - SPREAD, 1 + SPREAD)
