"""The places of a batch: who works there, and whom to send for."""

from uuid import UUID

from django.conf import settings
from django.db.models.functions import Now

from generation.models import Batch, Lane


def prepare(batch: Batch, *, places: int | None = None) -> list[int]:
    """Give the batch as many places as it can use; the slots to which nobody comes yet, queued from now on."""
    useful = -(-batch.count // settings.GENERATION_CALLS_PER_LANE)
    wanted = places or min(settings.GENERATION_LANES, useful)
    Lane.objects.bulk_create([Lane(batch=batch, slot=slot) for slot in range(wanted)], ignore_conflicts=True)
    return send_for(batch.pk)


def send_for(batch_id: int) -> list[int]:
    """The slots to which nobody comes, counted as queued from now on."""
    deserted = Lane.objects.deserted().filter(batch_id=batch_id)
    slots = list(deserted.values_list("slot", flat=True))
    Lane.objects.deserted().filter(batch_id=batch_id, slot__in=slots).update(lease_token=None, seen_at=Now())
    return slots


def take(batch_id: int, slot: int, lease_token: UUID) -> bool:
    """Whether the place is ours now; it is not where somebody works there."""
    place = Lane.objects.free().filter(batch_id=batch_id, slot=slot)
    return bool(place.update(lease_token=lease_token, seen_at=Now()))


def show(lease_token: UUID) -> None:
    Lane.objects.filter(lease_token=lease_token).update(seen_at=Now())


def leave(lease_token: UUID, *, comes_back: bool) -> None:
    """Give the place up; ``comes_back`` where it is queued again."""
    Lane.objects.filter(lease_token=lease_token).update(lease_token=None, seen_at=Now() if comes_back else None)
