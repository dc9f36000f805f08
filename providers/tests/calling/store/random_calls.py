"""Random calls of a few routes, and all that a report can tell of how one went."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from providers.llm.errors import ErrorKind
from providers.llm.types import Counted, LimitFact
from providers.routing.admission import Admission
from providers.routing.breaker import Trip
from providers.routing.limits.amounts import Amounts, Unit
from providers.routing.limits.budget import Bucket, Reservation
from providers.routing.limits.window import DAY, MINUTE, SECOND, Span, Window
from providers.routing.report import Failure, Hold, Report
from providers.tests.calling.store.themes import ROUTES, Theme

SCOPES = tuple(dict.fromkeys(scope for route in ROUTES for scope in route))
INSTALLATION = Bucket("*", Unit.REQUESTS, SECOND, 5)
BUCKETS = {
    "a": (Bucket("a", Unit.REQUESTS, MINUTE, 12), Bucket("a", Unit.TOKENS, MINUTE, 300)),
    "a/x": (Bucket("a/x", Unit.REQUESTS, DAY, 9), Bucket("a/x", Unit.REQUESTS, MINUTE, 5)),
    "a/y": (Bucket("a/y", Unit.TOKENS, MINUTE, 120, is_smooth=True),),
    "a/z": (),
    "b": (Bucket("b", Unit.REQUESTS, MINUTE, 40, is_smooth=True),),
    "b/m": (Bucket("b/m", Unit.TOKENS, MINUTE, 200), Bucket("b/m", Unit.REQUESTS, DAY, 30)),
    "d": (
        Bucket("d", Unit.TOKENS, Window(1, Span.DAY, "America/Los_Angeles"), 900),
        Bucket("*", Unit.MONEY, Window(1, Span.MONTH), 5_000),
        Bucket("*", Unit.REQUESTS, MINUTE, 90),
    ),
    "d/w": (
        Bucket("d/w", Unit.REQUESTS, Window(2, Span.WEEK), 40),
        Bucket("d/w", Unit.REQUESTS, Window(1, Span.HOUR, "Asia/Kolkata"), 9),
        Bucket("d/w", Unit.REQUESTS, Window(1, Span.MINUTE, "UTC"), 6),
        Bucket("d/w", Unit.UNCACHED, Window(5, Span.HOUR), 400),
    ),
    "e": (INSTALLATION,),
    "e/p": (),
    "f": (INSTALLATION,),
    "f/q": (Bucket("f/q", Unit.REQUESTS, SECOND, 2),),
    "c": (),
    "c/n": (Bucket("c/n", Unit.REQUESTS, MINUTE, 500), Bucket("c/n", Unit.INPUT, MINUTE, 3000)),
}
ALL_BUCKETS = tuple(dict.fromkeys(bucket for buckets in BUCKETS.values() for bucket in buckets))
COUNTED: tuple[Counted, ...] = ("requests", "requests", "tokens", "tokens", "input", "output")
KINDS = {"gone": ErrorKind.NOT_FOUND, "refused": ErrorKind.BAD_REQUEST, "unsent": ErrorKind.CONNECTION}
PATIENCES_S = (math.inf, math.inf, 65.0, 3.0, 0.9, 0.02, 0.0)
OUTAGE = Trip(3, 30_000, 900_000)


@dataclass(frozen=True, slots=True)
class Calls:
    """What the calls of one history are like."""

    rng: Random
    theme: Theme

    def admission(self, call_id: str, version: int) -> Admission:
        scopes = self.rng.choice(self.theme.routes)
        buckets = tuple(bucket for scope in scopes for bucket in BUCKETS[scope])
        account = "a" if scopes[0] == "a" else ""
        amounts = self._amounts((0, 10, 40, 90, 5000))
        plain = Admission(scopes, buckets, amounts, version=version, account=account, id=call_id)
        if self.theme.asks_again:
            urgency, party = self.rng.choice(self.theme.urgencies), self.rng.choice(self.theme.parties)
            plain = replace(plain, urgency=urgency, party=party, patience_s=self.rng.choice(PATIENCES_S))
        return plain if self.theme.is_plain else self._unusual(plain)

    def report(self, reservation: Reservation, kind: str, since_s: float) -> Report:
        """``since_s``: how long ago the call was let out."""
        facts, latency_s = self._facts(kind, reservation), self.rng.choice(self.theme.latencies_s)
        congested = (reservation.scopes[-1],) if kind in ("congested", "held") else ()
        if self.theme.is_plain:
            return Report(Amounts(60), latency_s=latency_s, congested=congested, **facts)
        return Report(
            None if self.rng.random() < 0.2 else self._amounts((0, 7, 60, 150)),
            lag_s=self.rng.choice((0.0, 0.0, min(since_s, 0.02), min(since_s, 20.0))),
            latency_s=latency_s,
            congested=congested,
            vendor=self._said() if self.rng.random() < 0.3 else (),
            **facts,
        )

    def _amounts(self, tokens: tuple[int, ...]) -> Amounts:
        rng = self.rng
        return Amounts(rng.choice(tokens), rng.choice((0, 5)), rng.choice((0, 0, 5, 10_000)), rng.choice((0, 30, 700)))

    def _unusual(self, plain: Admission) -> Admission:
        """A person's test, a lowered limit, an earlier configuration, a ceiling, a last resort, limits of its own."""
        rng = self.rng
        if rng.random() < 0.1:
            lowered = tuple(replace(bucket, limit=max(1, bucket.limit // 2)) for bucket in plain.buckets)
            plain = replace(plain, buckets=lowered)
        if rng.random() < 0.1:
            return replace(plain, is_test=True, scopes=plain.scopes[: rng.choice((1, 2))], account="")
        return replace(
            plain,
            ceilings=rng.choice(((), (3, None), (None, 1), (0, 2))),
            version=rng.choice((0, plain.version, max(1, plain.version - 1))),
            account=rng.choice((plain.account, plain.account, "")),
            is_last_resort=rng.random() < 0.3,
            is_test=rng.random() < 0.1,
        )

    def _facts(self, kind: str, reservation: Reservation) -> Mapping[str, Any]:
        provider, route = reservation.scopes[0], reservation.scopes[-1]
        failure = self._failure(kind, route)
        if kind in ("down", "unsent"):
            outage = replace(failure, scope=provider, trip=OUTAGE)
            known = {"outage": outage} if self.rng.random() < 0.8 else {}
            return {"failure": failure, "is_unsent": kind == "unsent", "is_useless": True, **known}
        if kind == "gone":
            scope = self.rng.choice((route, route, provider))
            return {"failure": replace(failure, scope=scope), "is_useless": True}
        if kind == "refused":
            return {"refusal": failure, "is_useless": True}
        if kind == "held":
            return {"hold": self._hold(route, reservation), "is_useless": True}
        return {"is_silent": kind in ("silent", "congested"), "is_useless": kind == "useless"}

    def _hold(self, route: str, reservation: Reservation) -> Hold:
        seconds = self.rng.choice((None, 0.0, -1.0, 0.5, 5.0, 70.0, 5000.0))
        return Hold(route, seconds, f"wait {seconds}", self.rng.choice((10.0, 600.0)), reservation.account)

    def _failure(self, kind: str, scope: str) -> Failure:
        rng = self.rng
        times = rng.choice(((200, 900), (30_000, 900_000), (3_600_000, 3_600_000)))
        trip, item = Trip(rng.choice(self.theme.opens_after), *times), rng.choice(self.theme.items)
        words = f"{kind} {rng.random()}"
        return Failure(scope, KINDS.get(kind, ErrorKind.SERVER), words, trip, item)

    def _said(self) -> tuple[LimitFact, ...]:
        return tuple(self._fact() for _ in range(self.rng.choice((1, 1, 2, 3))))

    def _fact(self) -> LimitFact:
        rng = self.rng
        return LimitFact(
            rng.choice(COUNTED),
            rng.choice((None, 60, 60, 3600, 86_400, 1_209_600, 7)),
            remaining=rng.choice((None, 0, 0, 3, 30, 500)),
            reset_s=rng.choice((None, 0.0, 0.8, 7.0, 50.0, 100_000.0)),
        )
