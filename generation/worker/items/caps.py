"""Holding a batch to its caps: claiming reserves, under the lock of the batch's row, and what is spent frees that.

An item's reservation counts while the item is leased. Saving, handing back and expiry end the lease in the transaction
that books the calls, so that every token is counted exactly once: reserved before, spent afterwards.
"""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import F, Sum

from generation.choices import BatchStatus, ItemStatus
from generation.engine.caps import Spend, SpendingGuard
from generation.models import Batch, Item

REMEDY = "Raise the cap and resume, or stop it."


def affordable(batch_id: int, wanted: int, per_item: Spend) -> int:
    """How many of ``wanted`` items may be claimed; all of them where the batch has no cap.

    Call it first in the transaction that claims, and write ``reservation(per_item)`` to what is claimed: the lock of
    a capped batch's row is held until that ends, so that two claims never take the same room.
    """
    guard = _locked_guard(batch_id)
    return wanted if guard is None else guard.room(per_item.rounded_up, wanted)


def reservation(per_item: Spend) -> dict[str, int | Decimal]:
    """The columns of an item that is claimed.

    Written without a cap too: a cap that a person sets later then knows what the items in work may still spend.
    """
    amounts = per_item.rounded_up
    return {"reserved_tokens": amounts.tokens, "reserved_cost": amounts.cost}


def reserve_more(batch_id: int, item_id: int, lease_token: UUID, per_call: Spend) -> bool:
    """Reserve one more call for an item in work, before it leaves; False where no cap leaves room for it.

    An item whose first answer was wrong spends more than it reserved: without this, caps would hold on average only.
    """
    amounts = per_call.rounded_up
    with transaction.atomic():
        guard = _locked_guard(batch_id)
        if guard is not None and guard.is_reached(amounts):
            return False
        held = Item.objects.held_under(lease_token).filter(pk=item_id)
        return bool(
            held.update(
                reserved_tokens=F("reserved_tokens") + amounts.tokens, reserved_cost=F("reserved_cost") + amounts.cost
            )
        )


def pause_if_reached(batch_id: int, per_item: Spend) -> bool:
    """Pause a running batch that has items to do, none in work, and no room for one more; whether it did.

    While anything is in work the answer is False: it may settle below what it reserved.
    """
    amounts = per_item.rounded_up
    with transaction.atomic():
        guard = _locked_guard(batch_id)
        if guard is None or not (problems := guard.problems(amounts)) or not _only_waits(batch_id):
            return False
        moved = Batch.objects.filter(pk=batch_id, status=BatchStatus.RUNNING).move_to(
            BatchStatus.PAUSED,
            status_reason=" ".join((*problems.values(), REMEDY)),
            wake_at=None,
            needs_tokens=amounts.tokens,
            needs_cost=amounts.cost,
        )
    return bool(moved)


def _locked_guard(batch_id: int) -> SpendingGuard | None:
    """That of a capped batch with its row locked; None, without a lock, where it has no cap or is gone."""
    batch = Batch.objects.capped().filter(pk=batch_id).select_for_update().first()
    if batch is None:
        return None
    sums = Item.objects.filter(batch_id=batch_id, status=ItemStatus.LEASED).aggregate(
        tokens=Sum("reserved_tokens", default=0), cost=Sum("reserved_cost", default=Decimal(0))
    )
    return replace(batch.spending_guard, reserved=Spend(sums["tokens"], sums["cost"]))


def _only_waits(batch_id: int) -> bool:
    """Whether the batch has open items, or some still to plan, and none in work."""
    if Item.objects.filter(batch_id=batch_id, status=ItemStatus.LEASED).exists():
        return False
    unplanned = Batch.objects.filter(pk=batch_id, planned__lt=F("count"))
    return unplanned.exists() or Item.objects.open().filter(batch_id=batch_id).exists()
