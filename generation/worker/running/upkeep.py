"""What keeps batches going when workers die or routes come back. The scheduler asks for it, and so does every lane."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from redis import RedisError

from generation.choices import BatchStatus
from generation.engine.planning.ordered import choice_of
from generation.models import Batch, Item
from generation.worker.items import places
from generation.worker.items.batches import done_batches, finish_if_done
from generation.worker.results import files, recovery
from generation.worker.running.queue import queue_lanes
from providers.calling import shared_store
from providers.configuration.snapshot import keeper
from providers.connection.comparing import compare_in_turn
from providers.database import DatabaseAway, asking
from providers.routing.admission import StoreUnavailable
from providers.routing.route import Route, chain
from samples.actions import mark_in_turn

logger = logging.getLogger(__name__)

EXPIRATIONS_MAX = 5
ORPHANED_AFTER = timedelta(minutes=1)
TURN_S = 3


def keep_up_in_turn() -> None:
    """Keep up, unless some process did so a moment ago; whatever goes wrong is left to the next turn.

    With Redis away everybody has a turn: every step is safe beside another process that does the same.
    """
    with _in_passing():
        recovery.take_up()  # before items are claimed anew; files are of this machine only, so here are no turns
        if _is_our_turn():
            keep_up()


def recover_in_passing() -> None:
    """Take up what a process of this machine has left, where one has died."""
    if files.left():
        with _in_passing():
            recovery.take_up()


@contextmanager
def _in_passing() -> Iterator[None]:
    try:
        with asking():
            yield
    except DatabaseAway as error:
        logger.warning("upkeep: the database is away: %s", error)
    except Exception:  # it must never end the lane or the thread that does it in passing
        logger.exception("upkeep met an error")


def compare_vendors_in_turn() -> None:
    """A look at what a vendor offers, once in a while. Apart from upkeep: it waits for an answer, and no lane may."""
    try:
        with asking():
            compare_in_turn()
    except DatabaseAway as error:
        logger.warning("comparing: the database is away: %s", error)
    except Exception:  # nobody waits for what it finds
        logger.exception("comparing met an error")


def mark_duplicates_in_turn() -> None:
    """A look at samples at which nobody has looked yet, for a moment. Apart from upkeep: no lane may wait so long."""
    try:
        with asking():
            mark_in_turn()
    except DatabaseAway as error:
        logger.warning("marking duplicates: the database is away: %s", error)
    except Exception:  # nobody waits for what it finds
        logger.exception("marking duplicates met an error")


def keep_up() -> None:
    """Hand back what the dead held, wake what can go on, end what is done, fill empty places."""
    hand_back_expired()
    wake_paused()
    for batch_id in done_batches().values_list("pk", flat=True):
        finish_if_done(batch_id)
    for batch in Batch.objects.filter(pk__in=batches_with_work()):
        queue_lanes(_places_to_fill(batch))


def _is_our_turn() -> bool:
    try:
        return cache.add("upkeep", 1, timeout=TURN_S)
    except RedisError:
        return True


def _places_to_fill(batch: Batch) -> list[places.Place]:
    """As many as there are processes now. An order that has no place yet is left to who makes it, unless he died."""
    is_new = batch.created_at > timezone.now() - ORPHANED_AFTER and not batch.lanes.exists()
    return [] if is_new or places.is_kept(batch.pk) else places.prepare(batch)


def batches_with_work() -> list[int]:
    """Batches in which a lane would find an item to claim, or to plan."""
    claimable = Exists(Item.objects.claimable().filter(batch_id=OuterRef("pk")))
    working = Batch.objects.filter(status__in=(BatchStatus.PENDING, BatchStatus.RUNNING))
    return list(working.filter(claimable | Q(planned__lt=F("count"))).values_list("pk", flat=True))


def hand_back_expired() -> int:
    """Items whose worker died wait again; one held at several deaths fails, since it may be what kills them."""
    batch_ids = set(Item.objects.expired().values_list("batch_id", flat=True))
    with transaction.atomic():
        # In the order in which results are saved: the batch first, then its items.
        list(Batch.objects.select_for_update().filter(pk__in=batch_ids).order_by("pk"))
        expired = list(Item.objects.expired().filter(batch_id__in=batch_ids).select_for_update(skip_locked=True))
        deadly = [item for item in expired if item.expirations + 1 >= EXPIRATIONS_MAX]
        rest = [item.pk for item in expired if item not in deadly]
        Item.objects.filter(pk__in=rest).hand_back(expirations=F("expirations") + 1)
        Item.objects.fail(
            {
                "pk": [item.pk for item in deadly],
                "failure": [f"{EXPIRATIONS_MAX} workers died while they held it."] * len(deadly),
                "expirations": [item.expirations + 1 for item in deadly],
            }
        )
        for item in deadly:
            Batch.objects.filter(pk=item.batch_id).update(failed=F("failed") + 1)
    for batch_id in {item.batch_id for item in deadly}:
        finish_if_done(batch_id)
    return len(expired)


def wake_paused() -> list[int]:
    """Paused batches go on when their time has come, or as soon as a route can work."""
    paused = Batch.objects.self_waking()
    due = set(paused.filter(wake_at__lte=Now()).values_list("pk", flat=True))
    try:
        due |= {batch.pk for batch in paused.exclude(pk__in=due) if can_work(batch)}
    except StoreUnavailable:
        return []  # nothing can leave while Redis is away
    Batch.objects.filter(pk__in=due, status=BatchStatus.PAUSED).move_to(
        BatchStatus.RUNNING, status_reason="", wake_at=None
    )
    return sorted(due)


def can_work(batch: Batch) -> bool:
    """Whether any route of its chain is on, neither suspended nor held, and has room in its budgets.

    Raises StoreUnavailable.
    """
    routes = chain(keeper.current(), choice_of(batch))
    scopes = {scope for route in routes for scope in route.scopes}
    states, used = shared_store.look(scopes, {bucket for route in routes for bucket in route.buckets})

    def is_open(route: Route) -> bool:
        is_free = not any(states[scope].is_suspended or states[scope].held_for_s for scope in route.scopes)
        return is_free and all(used[bucket] < bucket.limit for bucket in route.buckets)

    return any(is_open(route) for route in routes)
