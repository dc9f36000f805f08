"""Filling a shared store that has lost its data: from the ledger of calls, so that no limit is exceeded."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from asgiref.sync import sync_to_async
from django.db import connections
from django.utils import timezone

from providers.calling.store.protocol import Store
from providers.configuration.snapshot import DatabaseNeverReached, keeper
from providers.database import DatabaseAway, asking
from providers.routing.admission import StoreUnavailable
from providers.routing.config import Snapshot
from providers.routing.estimates import EXPECTED_ANSWER_TOKENS
from providers.routing.limits.amounts import NOTHING, Amounts, Unit
from providers.routing.limits.budget import MARGIN_S, Bucket, PastUse
from providers.routing.route import Route, installation_buckets, shared_buckets
from providers.routing.seconds import MINUTE_S

logger = logging.getLogger(__name__)

RECENT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class PastCall:
    """``id`` is that under which its budget was reserved. ``is_unknown``: no answer told what it took, and the vendor
    may have counted it all the same."""

    id: str
    provider_id: str
    model_id: str
    started_at: datetime
    amounts: Amounts = NOTHING
    is_unknown: bool = False


class Ledger(Protocol):
    """Who keeps the calls that were made."""

    def past_calls(self, since: timedelta) -> Iterable[PastCall]:
        """Every call that was made in that time."""

    def was_active(self, within: timedelta) -> bool:
        """Whether any call was made, or may have been under way, in that time."""


_ledger: Ledger | None = None


def keep_ledger(ledger: Ledger) -> None:
    """Name the ledger of this process, once, at its start."""
    global _ledger  # noqa: PLW0603 - who keeps the calls is above this app, and unknown to it
    _ledger = ledger


async def restore(store: Store) -> None:
    """Let calls leave again. Long limits are counted from the ledger; those of a minute or less rest for one window,
    where anything was called of late. Raises StoreUnavailable where the database is away too."""
    past, rest_s = await sync_to_async(_read, thread_sensitive=False)()
    await store.restore(past, rest_s)
    logger.warning("The shared store was empty: it was filled with %d entries from the ledger.", len(past))


def _read() -> tuple[list[PastUse], float]:
    """In a thread of its own, with a connection of its own."""
    if _ledger is None:  # nobody keeps calls: the store is all that there is
        return [], 0.0
    try:
        with asking():
            rest_s = MINUTE_S + MARGIN_S if _ledger.was_active(RECENT) else 0.0
            return list(long_uses(keeper.current(), _ledger)), rest_s
    except (DatabaseAway, DatabaseNeverReached) as error:
        raise StoreUnavailable("The shared store is empty, and the database is away.") from error
    finally:
        connections.close_all()


def long_uses(snapshot: Snapshot, ledger: Ledger) -> Iterator[PastUse]:
    """What past calls took of limits that are not waited out."""
    covering = _Covering(snapshot)
    if covering.longest_s:
        yield from uses(covering.buckets_of, ledger.past_calls(timedelta(seconds=covering.longest_s)), timezone.now())


class _Covering:
    """The long buckets of every model, on or off; those of a model that is gone are its provider's, or everybody's."""

    def __init__(self, snapshot: Snapshot) -> None:
        providers = snapshot.providers
        self._routes = {
            (provider.id, model.model_id): _long(Route(provider, model).buckets)
            for provider in providers
            for model in provider.models
        }
        self._providers = {provider.id: _long(shared_buckets(provider)) for provider in providers}
        self._everybody = _long(installation_buckets(providers[0].above)) if providers else ()
        every = {bucket for buckets in (*self._routes.values(), *self._providers.values()) for bucket in buckets}
        self.longest_s = max((bucket.span_ms / 1000 for bucket in every), default=0.0)

    def buckets_of(self, call: PastCall) -> tuple[Bucket, ...]:
        shared = self._providers.get(call.provider_id, self._everybody)
        return self._routes.get((call.provider_id, call.model_id), shared)


def _long(buckets: Iterable[Bucket]) -> tuple[Bucket, ...]:
    return tuple(bucket for bucket in buckets if not bucket.is_short)


def uses(
    buckets_of: Callable[[PastCall], Iterable[Bucket]], calls: Iterable[PastCall], now: datetime
) -> Iterator[PastUse]:
    """What the calls took of the buckets. Those that a bucket counts together are told as one, as new as the newest."""
    lumps: dict[tuple[Bucket, str], PastUse] = {}
    for call in _estimated(calls):
        ago_s = (now - call.started_at).total_seconds()
        for bucket in buckets_of(call):
            amount = bucket.cost(call.amounts)
            if not bucket.is_lumped:
                yield PastUse(bucket, call.id, ago_s, amount)
                continue
            name = _lump_name(bucket, call.started_at.timestamp())
            known = lumps.get((bucket, name), PastUse(bucket, name, ago_s, 0))
            lumps[bucket, name] = PastUse(bucket, name, min(known.ago_s, ago_s), known.amount + amount)
    yield from lumps.values()


def _estimated(calls: Iterable[PastCall]) -> Iterator[PastCall]:
    """The calls, and last those of which it is not known what they took: the mean of their route."""
    known: defaultdict[tuple[str, str], _Sum] = defaultdict(_Sum)
    unknown: list[PastCall] = []
    for call in calls:
        if call.is_unknown:
            unknown.append(call)
        else:
            known[call.provider_id, call.model_id].add(call.amounts)
            yield call
    for call in unknown:
        yield replace(call, amounts=known[call.provider_id, call.model_id].mean())


@dataclass(slots=True)
class _Sum:
    """Of what calls took that took any tokens."""

    calls: int = 0
    amounts: Amounts = field(default=NOTHING)

    def add(self, more: Amounts) -> None:
        if more.of(Unit.TOKENS):
            sums = self.amounts
            self.calls += 1
            self.amounts = Amounts(
                sums.input + more.input,
                sums.output + more.output,
                sums.cached + more.cached,
                sums.money + more.money,
            )

    def mean(self) -> Amounts:
        """Rounded up; of no call, what is expected of an answer of which nothing is known."""
        if not self.calls:
            return Amounts(output=EXPECTED_ANSWER_TOKENS)
        sums = self.amounts
        return Amounts(*(-(-each // self.calls) for each in (sums.input, sums.output, sums.cached, sums.money)))


def _lump_name(bucket: Bucket, at_s: float) -> str:
    """The same whoever counts, so that nothing counts twice."""
    begins = at_s * 1000 // bucket.grain_ms if bucket.grain_ms else bucket.window.ends(at_s)[0]
    return f"past-{begins:.0f}"
