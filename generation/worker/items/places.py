"""The places of a batch: who works there, and whom to send for."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from generation.models import Batch, Lane

SMALL_SHARE = 16
"""A batch of no more items than this has one lane."""


@dataclass(frozen=True, slots=True)
class Place:
    """One of a batch's places, as a message to the workers names it.

    ``round`` counts the lanes that have worked there: a message of an earlier round is a stale copy, and is dropped.
    """

    batch_id: int
    slot: int
    round: int


def prepare(batch: Batch) -> list[Place]:
    """Give the batch as many places as it can use; those to which nobody comes yet, counted as queued from now on."""
    slots = range(useful_places(batch.count))
    Lane.objects.bulk_create([Lane(batch=batch, slot=slot) for slot in slots], ignore_conflicts=True)
    return send_for(batch.pk)


def useful_places(items: int) -> int:
    """How many lanes so many items are worth, of those that a batch may have."""
    return min(settings.GENERATION_LANES, -(-items // min(SMALL_SHARE, settings.GENERATION_CALLS_PER_LANE)))


def send_for(batch_id: int) -> list[Place]:
    """The places to which nobody comes, counted as queued from now on."""
    with transaction.atomic():
        deserted = Lane.objects.deserted().filter(batch_id=batch_id).select_for_update(skip_locked=True)
        rows = list(deserted)
        Lane.objects.filter(pk__in=[row.pk for row in rows]).update(lease_token=None, seen_at=Now())
    return [Place(batch_id, row.slot, row.round) for row in rows]


def take(place: Place, lease_token: UUID) -> Place | None:
    """Take the place, and get the one to come back to; None where somebody works there or the round is over."""
    free = Lane.objects.free().filter(batch_id=place.batch_id, slot=place.slot, round=place.round)
    taken = free.update(
        lease_token=lease_token, seen_at=Now(), round=F("round") + 1, waiting_reason="", waiting_since=None
    )
    return replace(place, round=place.round + 1) if taken else None


def show(lease_token: UUID) -> None:
    Lane.objects.filter(lease_token=lease_token).update(seen_at=Now())


def leave(lease_token: UUID, *, comes_back: bool) -> None:
    """Give the place up; ``comes_back`` where it is queued again."""
    Lane.objects.filter(lease_token=lease_token).update(
        lease_token=None, seen_at=Now() if comes_back else None, waiting_reason="", waiting_since=None
    )


def show_waiting(lease_token: UUID, reason: str, waited_s: float) -> None:
    """On what all items of the lane wait, and for how long they have; nothing where one of them goes on."""
    since = Now() - timedelta(seconds=waited_s) if reason else None
    Lane.objects.filter(lease_token=lease_token).update(waiting_reason=reason, waiting_since=since)


def keep(place: Place) -> None:
    """Somebody will come back to the place by himself: nobody needs to be sent for."""
    Lane.objects.filter(batch_id=place.batch_id, slot=place.slot, lease_token=None).update(seen_at=Now())


def desert(place: Place) -> None:
    """Whoever kept the place does not come back to it: the next who looks sends for somebody."""
    Lane.objects.filter(batch_id=place.batch_id, slot=place.slot, lease_token=None).update(seen_at=None)


def others_wait(batch_id: int) -> bool:
    """Whether a lane of another batch is queued for a worker."""
    queued = Lane.objects.filter(lease_token=None, seen_at__gt=Now() - timedelta(minutes=5))
    return queued.exclude(batch_id=batch_id).exists()
