"""What can be asked of batches, items, attempts and places, and the moves of batches and items."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any, Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Now

from generation.choices import BATCH_MOVES, ITEM_MOVES, BatchStatus, ItemStatus
from generation.statements import update_each

M = TypeVar("M", bound=models.Model)
"""A queryset's row. Its model's manager says which, so that this module imports no model."""

LANE_DEAD_AFTER = timedelta(seconds=20)
LANE_LOST_AFTER = timedelta(seconds=60)
LANE_COMES_WITHIN = timedelta(seconds=2)
NO_LEASE: Mapping[str, Any] = {"lease_token": None, "leased_until": None}
AS_NEW: Mapping[str, Any] = {"faults": 0, "expirations": 0, "failure": "", "retry_at": None}
OPEN = (ItemStatus.PENDING, ItemStatus.LEASED)
# One statement, and so one transaction. What is picked stands in a common table expression: as a subquery of the
# update it could be run once for each row. Which items are claimable is ItemQuerySet.claimable's rule. One status, for
# an index gives no order to rows of several.
CLAIM = """
    WITH picked AS MATERIALIZED (
        SELECT items.id FROM items JOIN batches ON batches.id = items.batch_id
        WHERE batches.id = %(batch)s AND batches.status = %(running)s AND items.status = %(source)s
            AND (items.retry_at IS NULL OR items.retry_at <= statement_timestamp())
        ORDER BY items.number LIMIT %(limit)s FOR UPDATE OF items SKIP LOCKED
    )
    UPDATE items SET status = %(leased)s, lease_token = %(token)s, leased_until = statement_timestamp() + %(lease)s,
        reserved_tokens = %(reserved_tokens)s, reserved_cost = %(reserved_cost)s
    FROM picked WHERE items.id = picked.id RETURNING items.*
"""

S = TypeVar("S", BatchStatus, ItemStatus)


def sources_of(target: S, moves: Mapping[S, frozenset[S]]) -> list[S]:
    """From where the table of moves allows to get there."""
    return [source for source, targets in moves.items() if target in targets]


class BatchQuerySet(models.QuerySet[M]):
    def move_to(self, status: BatchStatus, **values: Any) -> int:
        """Make the move where ``BATCH_MOVES`` allows it, and say how many rows made it: the only write of a status."""
        return self.filter(status__in=sources_of(status, BATCH_MOVES)).update(status=status, **values)

    def capped(self) -> Self:
        """Batches that may spend only so many tokens, or so much money."""
        return self.filter(Q(token_cap__isnull=False) | Q(cost_cap__isnull=False))

    def self_waking(self) -> Self:
        """Paused batches that go on by themselves; one that paused at its cap waits for a person."""
        return self.filter(status=BatchStatus.PAUSED, needs_tokens__isnull=True)


class ItemQuerySet(models.QuerySet[M]):
    def claimable(self) -> Self:
        """Items that wait for a lane, and need not wait any longer for themselves."""
        return self.filter(Q(retry_at__isnull=True) | Q(retry_at__lte=Now()), status=ItemStatus.PENDING)

    def open(self) -> Self:
        """Items that are still to be done."""
        return self.filter(status__in=OPEN)

    def failed_of(self, batch: models.Model, words: str = "") -> Self:
        """A batch's failed items by number: those whose reason or topic holds ``words``, or whose number they are."""
        failed = self.filter(batch=batch, status=ItemStatus.FAILED).order_by("number")
        is_number = words.isascii() and words.isdecimal() and len(words) < 10
        number = Q(number=int(words)) if is_number else Q()
        return failed.filter(Q(failure__icontains=words) | Q(topic__icontains=words) | number) if words else failed

    def expired(self) -> Self:
        """Items whose lease has run out, by the database's clock."""
        return self.filter(status=ItemStatus.LEASED, leased_until__lt=Now())

    def held_under(self, lease_token: UUID) -> Self:
        """Items that the bearer of this lease still holds."""
        return self.filter(status=ItemStatus.LEASED, lease_token=lease_token)

    # The moves are the only writes of an item's status: conditional updates that ITEM_MOVES must allow, and that say
    # which rows made them, or how many. Those that go to single rows, by a statement of their own, are the manager's.

    def hand_back(self, **values: Any) -> int:
        """What is in work waits for its next claim."""
        return self.filter(status=ItemStatus.LEASED)._wait(**values)

    def retry(self) -> int:
        """What has failed waits for its next claim, as if it had never been claimed."""
        return self.filter(status=ItemStatus.FAILED)._wait(**AS_NEW)

    def _wait(self, **values: Any) -> int:
        movable = self.filter(status__in=sources_of(ItemStatus.PENDING, ITEM_MOVES))
        return movable.update(status=ItemStatus.PENDING, **NO_LEASE, **values)


_FromItems = models.Manager.from_queryset(ItemQuerySet)


class ItemManager(_FromItems[M]):
    """The moves that go to single items, each by a statement of its own that knows no filters."""

    def claim(
        self, batch_id: int, lease_token: UUID, limit: int, *, lease: timedelta, reserved: Mapping[str, int | Decimal]
    ) -> list[M]:
        """Up to ``limit`` claimable items of a running batch, leased to the bearer, in their order.

        Those that others are claiming are passed by, not waited for. ``reserved`` is what caps set aside for each.
        """
        (source,) = sources_of(ItemStatus.LEASED, ITEM_MOVES)
        values = {
            "batch": batch_id,
            "running": BatchStatus.RUNNING.value,
            "source": source.value,
            "leased": ItemStatus.LEASED.value,
            "limit": limit,
            "token": lease_token,
            "lease": lease,
            **reserved,
        }
        return sorted(self.raw(CLAIM, values), key=attrgetter("number"))

    def finish(self, values: Mapping[str, Sequence[Any]]) -> int:
        """Each item that ``values["pk"]`` names is done, with its own of the other values."""
        return self._end(ItemStatus.DONE, values)

    def fail(self, values: Mapping[str, Sequence[Any]]) -> int:
        """Each item that ``values["pk"]`` names has failed, with its own of the other values."""
        return self._end(ItemStatus.FAILED, values)

    def replace(self, values: Mapping[str, Sequence[Any]]) -> int:
        """Each item that ``values["pk"]`` names is another one with its own of the other values, and waits."""
        return self._end(ItemStatus.PENDING, values, **AS_NEW)

    def _end(self, status: ItemStatus, values: Mapping[str, Sequence[Any]], **more: Any) -> int:
        """End the work on the items, where ITEM_MOVES allows it while they are open."""
        alike = {"status": status.value, **NO_LEASE, **more}
        columns = {name: [value] * len(values["pk"]) for name, value in alike.items()}
        sources = [source.value for source in sources_of(status, ITEM_MOVES) if source in OPEN]
        return update_each(self.model, {**values, **columns}, where={"status": sources})


class AttemptQuerySet(models.QuerySet[M]):
    def moves_of(self, batch: models.Model) -> Any:
        """Calls to which an item moved on, annotated with ``from_provider``, ``from_model`` and ``why``."""
        earlier = self.model._default_manager.filter(item=OuterRef("item"), pk__lt=OuterRef("pk")).order_by("-pk")

        def before(field: str) -> Subquery:
            return Subquery(earlier.values(field)[:1])

        moved = self.filter(batch=batch, is_switch=True)
        return moved.annotate(from_provider=before("provider"), from_model=before("model"), why=before("outcome"))


class LaneQuerySet(models.QuerySet[M]):
    def free(self) -> Self:
        """Places that nobody holds, or whose holder has not shown itself for so long that it must be dead."""
        return self.filter(Q(lease_token__isnull=True) | Q(seen_at__lt=Now() - LANE_DEAD_AFTER))

    def working(self) -> Self:
        """Places whose holder has shown itself lately."""
        return self.filter(lease_token__isnull=False, seen_at__gte=Now() - LANE_DEAD_AFTER)

    def queued(self) -> Self:
        """Places that a worker was sent for, or whose lane said that it comes back."""
        return self.filter(lease_token__isnull=True, seen_at__isnull=False)

    def manned(self) -> Self:
        """Places where somebody works, or was sent for so lately that he is probably on his way."""
        coming = Q(lease_token__isnull=True, seen_at__gte=Now() - LANE_COMES_WITHIN)
        return self.filter(coming | Q(lease_token__isnull=False, seen_at__gte=Now() - LANE_DEAD_AFTER))

    def deserted(self) -> Self:
        """Places to which nobody comes: not queued, queued so long ago that the message is lost, held by the dead."""
        dead = Q(lease_token__isnull=False, seen_at__lt=Now() - LANE_DEAD_AFTER)
        return self.filter(dead | Q(seen_at__isnull=True) | Q(seen_at__lt=Now() - LANE_LOST_AFTER))
