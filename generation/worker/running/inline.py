"""Working a batch off in this process, without Celery."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from generation.choices import ACTIVE
from generation.models import Batch, Lane
from generation.worker.items import places
from generation.worker.items.places import Place
from generation.worker.lane.lane import run_lane
from generation.worker.running import upkeep
from providers.database import DatabaseAway, asking

logger = logging.getLogger(__name__)

IDLE_S = 1.0


def never() -> bool:
    return False


def work_off(
    batch_id: int,
    *,
    deadline: float,
    is_halted: Callable[[], bool] = never,
    is_urgent: Callable[[], bool] = never,
) -> None:
    """Run lanes until the batch has ended or is at its cap, ``deadline`` (of time.monotonic) is over, or it is halted.

    Pauses are sat out, and a database that is away is waited for. Calls in flight at the deadline are waited for and
    kept; a halt gives them SHUTDOWN_GRACE_S seconds, an urgent one none.
    """
    place: Place | None = None
    while time.monotonic() < deadline and not is_halted():
        with _unless_away(batch_id):
            place = _place(batch_id)
            run_lane(place, claim_for_s=deadline - time.monotonic(), is_halted=is_halted, is_urgent=is_urgent)
            batch = Batch.objects.filter(pk=batch_id, status__in=ACTIVE).first()
            if batch is None or batch.is_at_cap:
                return
            places.keep(place)
            upkeep.hand_back_expired()
            upkeep.wake_paused()
        time.sleep(min(IDLE_S, max(0.0, deadline - time.monotonic())))
    if place is not None:
        with _unless_away(batch_id):  # somebody is sent for a minute later then
            places.desert(place)


def _place(batch_id: int) -> Place:
    """That of this process, which takes the whole batch: while it is kept, no worker is sent for."""
    lane, _ = Lane.objects.get_or_create(batch_id=batch_id, slot=places.OWN_SLOT)
    return Place(batch_id, lane.slot, lane.round)


@contextmanager
def _unless_away(batch_id: int) -> Iterator[None]:
    try:
        with asking():
            yield
    except DatabaseAway as error:
        logger.warning("batch %s: the database is away: %s", batch_id, error)
