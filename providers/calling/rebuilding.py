"""Filling a shared store that has lost its data: from the ledger of calls, so that no limit is exceeded."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
from providers.routing.limits.budget import MARGIN_S, Bucket
from providers.routing.route import chain
from providers.routing.seconds import DAY_S, MINUTE_S

logger = logging.getLogger(__name__)

RECENT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class PastCall:
    """``id`` is that under which its budget was reserved."""

    id: str
    provider_id: str
    model_id: str
    started_at: datetime


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
    """Let calls leave again. Limits per day are counted from the ledger; those per minute rest for one window, where
    anything was called of late. Raises StoreUnavailable where the database is away too."""
    past, rest_s = await sync_to_async(_read, thread_sensitive=False)()
    await store.restore(past, rest_s)
    logger.warning("The shared store was empty: %d calls of the last day were counted anew.", len(past))


def _read() -> tuple[list[tuple[Bucket, str, float]], float]:
    """In a thread of its own, with a connection of its own."""
    if _ledger is None:  # nobody keeps calls: the store is all that there is
        return [], 0.0
    try:
        with asking():
            rest_s = MINUTE_S + MARGIN_S if _ledger.was_active(RECENT) else 0.0
            return list(_counted(keeper.current(), _ledger.past_calls(timedelta(seconds=DAY_S)))), rest_s
    except (DatabaseAway, DatabaseNeverReached) as error:
        raise StoreUnavailable("The shared store is empty, and the database is away.") from error
    finally:
        connections.close_all()


def _counted(snapshot: Snapshot, calls: Iterable[PastCall]) -> Iterator[tuple[Bucket, str, float]]:
    """Each call in the buckets of a day that cover its route."""
    by_route = {
        (route.provider.id, route.model.model_id): [bucket for bucket in route.buckets if bucket.window_s == DAY_S]
        for route in chain(snapshot)
    }
    now = timezone.now()
    for call in calls:
        for bucket in by_route.get((call.provider_id, call.model_id), ()):
            yield bucket, call.id, (now - call.started_at).total_seconds()
