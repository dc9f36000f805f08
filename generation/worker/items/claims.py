"""Claiming items: conditional updates, under leases by PostgreSQL's clock."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from generation.engine.caps import Spend
from generation.models import Batch, Item
from generation.worker.items import caps
from generation.worker.items.planner import plan_ahead

NOTHING = Spend()
LEASE = timedelta(seconds=20)


def claim(batch: Batch, lease_token: UUID, limit: int, per_item: Spend = NOTHING) -> list[Item]:
    """Up to ``limit`` items of a running batch, leased to the bearer; plans more where too few are left.

    Of a batch with a cap, only as many as fit at ``per_item`` each.
    """
    items = _claim(batch, lease_token, limit, per_item)
    while len(items) < limit:
        planned = plan_ahead(batch.pk)
        more = _claim(batch, lease_token, limit - len(items), per_item)  # others may have planned while we waited to
        items += more
        if not more and (not planned or batch.has_cap):
            break
    return items


def _claim(batch: Batch, lease_token: UUID, limit: int, per_item: Spend) -> list[Item]:
    if not batch.has_cap:
        return _lease(batch.pk, lease_token, limit, per_item)
    with transaction.atomic():
        affordable = caps.affordable(batch.pk, limit, per_item)
        return _lease(batch.pk, lease_token, affordable, per_item) if affordable else []


def _lease(batch_id: int, lease_token: UUID, limit: int, per_item: Spend) -> list[Item]:
    return Item.objects.claim(batch_id, lease_token, limit, lease=LEASE, reserved=caps.reservation(per_item))


def renew(lease_token: UUID) -> int:
    return Item.objects.held_under(lease_token).update(leased_until=Now() + LEASE)


def hand_back(lease_token: UUID, *, keeping: Collection[int] = ()) -> int:
    """Let others claim what is held under the lease, but for the items whose keys are ``keeping``."""
    return Item.objects.held_under(lease_token).exclude(pk__in=keeping).hand_back()


def let_go(lease_token: UUID, keys: Collection[int]) -> int:
    """Let others claim these items of what is held under the lease: nobody has begun them."""
    return Item.objects.held_under(lease_token).filter(pk__in=keys).hand_back()
