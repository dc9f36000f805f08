"""The places of a batch: who works there, and whom to send for."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now

from generation.choices import BatchStatus
from generation.models import Batch, Lane
from generation.worker.running import processes
from providers.routing.limits.urgency import Urgency

SMALL_SHARE = 16
"""A batch of no more items than this has one lane."""
OWN_SLOT = 32_767
"""The slot of a process that works a batch off by itself: nobody is sent there, and nobody else comes to the batch."""
TAKEN_UP_WITHIN = timedelta(seconds=0.3)
"""What a free process needs at most to take up a message. A place that is queued for longer waits for a host."""
WAITS_LONG = timedelta(seconds=3)
"""A batch to which nobody has come by then found no host."""


@dataclass(frozen=True, slots=True)
class Place:
    """One of a batch's places, as a message to the workers names it.

    ``round`` counts the lanes that have worked there: a message of an earlier round is a stale copy, and is dropped.
    """

    batch_id: int
    slot: int
    round: int


def prepare(batch: Batch) -> list[Place]:
    """Give the batch as many places as it can use now, which grow with the processes that there are.

    Those to which nobody comes yet, counted as queued from now on. ``batch`` is as its row is.
    """
    slots = useful_places(batch.count - batch.generated - batch.failed)
    there = set(Lane.objects.filter(batch=batch, slot__lt=slots).values_list("slot", flat=True))
    missing = [Lane(batch=batch, slot=slot) for slot in range(slots) if slot not in there]
    Lane.objects.bulk_create(missing, ignore_conflicts=True)
    return send_for(batch.pk, slots)


def useful_places(open_items: int) -> int:
    """How many lanes so many items are worth: one in each process, as far as each has a share worth its while."""
    ceiling = min(settings.GENERATION_LANES, -(-open_items // min(SMALL_SHARE, settings.GENERATION_CALLS_PER_LANE)))
    return min(ceiling, processes.count()) if ceiling > 1 else ceiling


def send_for(batch_id: int, slots: int) -> list[Place]:
    """The first ``slots`` places, of them those to which nobody comes: counted as queued from now on."""
    with transaction.atomic():
        deserted = Lane.objects.deserted().filter(batch_id=batch_id, slot__lt=slots)
        rows = list(deserted.select_for_update(skip_locked=True))
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


def is_kept(batch_id: int) -> bool:
    """Whether a process works the batch off by itself."""
    return Lane.objects.filter(batch_id=batch_id, slot=OWN_SLOT).exclude(pk__in=Lane.objects.deserted()).exists()


def waiting(besides: Collection[int], *, urgency: Urgency = Urgency.LOW) -> list[Place]:
    """Where no free process came: one place of each batch that is at least so urgent, but ``besides``.

    The most urgent ones first, and among equals those on which nobody works at all.
    """
    queued = _queued_for(TAKEN_UP_WITHIN).exclude(batch_id__in=besides).filter(batch__urgency__gte=urgency)
    first: dict[int, Place] = {}
    for row in queued.order_by("-batch__urgency", "has_lane", "seen_at"):
        first.setdefault(row.batch_id, Place(row.batch_id, row.slot, row.round))
    return list(first.values())


def is_a_batch_left_out() -> bool:
    """Whether nobody works on some batch that has been queued for long: every process hosts as many as it can."""
    return bool(_queued_for(WAITS_LONG).filter(has_lane=False).exists())


def _queued_for(time: timedelta) -> Any:
    """Places of batches that are to be worked on, queued for so long; ``has_lane``: whether a lane is at work there."""
    queued = Lane.objects.queued().filter(seen_at__lt=Now() - time).exclude(slot=OWN_SLOT)
    others = Lane.objects.working().filter(batch=OuterRef("batch"))
    live = queued.filter(batch__status__in=(BatchStatus.PENDING, BatchStatus.RUNNING))
    return live.annotate(has_lane=Exists(others))
