"""What people do with batches: start, stop, resume, retry. The only place that writes their rows for a person."""

import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now

from generation import events
from generation.cap_rules import KEEP_CAPS, CapChange, CapReached, cap_errors, changed_caps, choice_of
from generation.choices import BatchStatus, ItemStatus
from generation.engine.order import Order, check_order
from generation.models import Batch, Item
from generation.planner import plan_ahead
from generation.worker import lanes
from generation.worker.queue import queue_lanes
from providers import snapshot
from providers.llm.text import storable
from providers.routing.config import ProviderEntry
from providers.routing.policy import WhenFull

UNCONFIRMED_MAX = 100_000
CONFIRMED_MAX = 10_000_000
INSTRUCTION_MAX = 4_000
ITEM_BUDGET = 6
ITEM_BUDGET_MAX = 50
NAMED_MAX = 20
SEED_MAX = 2**31 - 1
AWAKE: Mapping[str, Any] = {"status_reason": "", "wake_at": None, "needs_tokens": None, "needs_cost": None}


class BatchConflict(Exception):  # noqa: N818 - named for the HTTP status that it becomes
    """The batch is in no state for what was asked; ``message`` says in which it is and what to do."""

    status_code = 409

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class BatchOrder:
    """What a person asks for; empty means automatic, or all of the taxonomy."""

    count: int
    provider: str = ""
    model: str = ""
    jurisdictions: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    difficulties: tuple[str, ...] = ()
    sample_types: tuple[str, ...] = ()
    instruction: str = ""
    item_budget: int = ITEM_BUDGET
    seed: int | None = None
    when_full: str = WhenFull.AUTO.value
    token_cap: int | None = None
    cost_cap: Decimal | None = None
    confirmed: bool = False


def start_batch(order: BatchOrder, user: User | None = None, *, queue: bool = True) -> Batch:
    """Check the order, write the batch with its first items, and queue its lanes once that is committed.

    Raises ValidationError with the fields at fault; nothing is written then. With ``queue=False`` the caller works it
    off. A large batch's further items are planned when its lanes need them.
    """
    if errors := order_errors(order):
        raise ValidationError(errors)
    with transaction.atomic():
        events.act_for_person()
        batch = Batch.objects.create(
            count=order.count,
            provider=order.provider,
            model=order.model,
            jurisdictions=list(order.jurisdictions),
            topics=list(order.topics),
            difficulties=list(order.difficulties),
            sample_types=list(order.sample_types),
            instruction=order.instruction,
            item_budget=order.item_budget,
            seed=order.seed if order.seed is not None else random.randrange(SEED_MAX),  # noqa: S311 - no secret
            when_full=order.when_full,
            token_cap=order.token_cap,
            cost_cap=order.cost_cap,
            created_by=user,
        )
        plan_ahead(batch.pk)
        if queue:
            _queue(batch)
    batch.refresh_from_db()
    return batch


def mix_of(order: BatchOrder) -> Order:
    """What is to be planned; without a seed by one of many that it may get."""
    return Order(
        count=order.count,
        jurisdictions=order.jurisdictions,
        topics=order.topics,
        difficulties=order.difficulties,
        sample_types=order.sample_types,
        seed=order.seed or 0,
    )


def order_errors(order: BatchOrder) -> dict[str, str]:
    """Field -> why ``start_batch`` would refuse the order; empty where it would not."""
    return dict(chain(_size_errors(order), _mix_errors(order), _route_errors(order), _setting_errors(order)))


def stop_batch(pk: int, reason: str = "") -> Batch:
    """Nothing new starts; calls in flight finish and are kept. Raises BatchConflict where it has ended."""
    with transaction.atomic():
        events.act_for_person()
        moved = Batch.objects.filter(pk=pk).move_to(
            BatchStatus.STOPPED, finished_at=Now(), status_reason=reason, wake_at=None
        )
    return _moved(pk, moved, "stopped", "Only a pending, running or paused batch can be.")


def resume_batch(pk: int, change: CapChange = KEEP_CAPS) -> Batch:
    """Go on with exactly the missing items, under new caps where some are given.

    Raises BatchConflict where it was not stopped or paused, or is at a cap that stays; ValidationError where a new cap
    is none or is still too low.
    """
    with transaction.atomic():
        events.act_for_person()
        before = Batch.objects.select_for_update().get(pk=pk)
        moved = Batch.objects.filter(pk=pk, status__in=(BatchStatus.STOPPED, BatchStatus.PAUSED)).move_to(
            BatchStatus.RUNNING, started_at=Coalesce("started_at", Now()), finished_at=None, **AWAKE
        )
        _moved(pk, moved, "resumed", "Only a stopped or paused batch can be; retry takes up failed items.")
        _set_caps(before, change)
        Item.objects.filter(batch_id=pk, retry_at__isnull=False).update(retry_at=None)
        batch = Batch.objects.get(pk=pk)
        _queue(batch)
    return batch


def retry_failed(pk: int, numbers: Collection[int] | None = None) -> Batch:
    """Take up the failed items, and only those, with a fresh budget; of these ``numbers``, where some are given.

    Raises BatchConflict where none failed or the batch is stopped.
    """
    with transaction.atomic():
        events.act_for_person()
        batch = Batch.objects.select_for_update().get(pk=pk)
        if batch.status == BatchStatus.STOPPED:
            raise BatchConflict(f"Batch {pk} is stopped. Resume it first; retry then takes up its failed items.")
        if batch.is_at_cap:
            raise BatchConflict(
                f"Batch {pk} is at its cap. Resume it with a higher one; retry then takes up its failed items."
            )
        failed = Item.objects.filter(batch_id=pk, status=ItemStatus.FAILED)
        if numbers is not None:
            failed = failed.filter(number__in=numbers)
        count = failed.update(status=ItemStatus.PENDING, faults=0, expirations=0, failure="", retry_at=None)
        if not count:
            raise BatchConflict(_nothing_failed(pk, numbers))
        Batch.objects.filter(pk=pk).update(failed=F("failed") - count)
        Batch.objects.filter(pk=pk).move_to(BatchStatus.RUNNING, finished_at=None, **AWAKE)
        _queue(batch)
    batch.refresh_from_db()
    return batch


def _nothing_failed(pk: int, numbers: Collection[int] | None) -> str:
    if numbers is None:
        return f"Batch {pk} has no failed items to retry."
    named = ", ".join(map(str, sorted(numbers)[:NAMED_MAX])) + (" ..." if len(numbers) > NAMED_MAX else "")
    subject = f"Item {named} of batch {pk} is" if len(numbers) == 1 else f"Of batch {pk}, items {named} are"
    return f"{subject} not failed, or not any more."


def _queue(batch: Batch) -> None:
    """Send for workers to every place to which nobody comes, once the batch is committed."""
    places = lanes.prepare(batch)
    transaction.on_commit(lambda: queue_lanes(places))


def _set_caps(batch: Batch, change: CapChange) -> None:
    try:
        token_cap, cost_cap = changed_caps(batch, change)
    except CapReached as reached:
        remedy = "Give a higher cap in the same request, or none."
        raise BatchConflict(f"Batch {batch.pk} cannot be resumed. {reached} {remedy}") from None
    Batch.objects.filter(pk=batch.pk).update(token_cap=token_cap, cost_cap=cost_cap)


def _moved(pk: int, moved: int, deed: str, rule: str) -> Batch:
    batch = Batch.objects.get(pk=pk)
    if not moved:
        raise BatchConflict(f"Batch {pk} is {batch.get_status_display().lower()} and cannot be {deed}. {rule}")
    return batch


def _size_errors(order: BatchOrder) -> Iterator[tuple[str, str]]:
    if order.count < 1:
        yield "count", "Ask for at least 1 sample."
    elif order.count > CONFIRMED_MAX:
        yield "count", f"One batch holds at most {CONFIRMED_MAX:,} samples. Start several smaller ones."
    elif order.count > UNCONFIRMED_MAX and not order.confirmed:
        yield (
            "count",
            f"More than {UNCONFIRMED_MAX:,} at once must be confirmed (API: confirm true, command: --yes).",
        )
    if not 1 <= order.item_budget <= ITEM_BUDGET_MAX:
        yield "item_budget", f"Give a number from 1 to {ITEM_BUDGET_MAX}."
    if len(order.instruction) > INSTRUCTION_MAX:
        yield "instruction", f"Keep it under {INSTRUCTION_MAX} characters; it is sent with every prompt."
    if storable(order.instruction) != order.instruction.strip():
        yield "instruction", "It holds a NUL or a broken character, which cannot be stored. Remove it."
    if order.seed is not None and not 0 <= order.seed <= SEED_MAX:
        yield "seed", f"Give a number from 0 to {SEED_MAX}, or leave it out."


def _mix_errors(order: BatchOrder) -> Iterator[tuple[str, str]]:
    yield from check_order(mix_of(order)).items()


def _route_errors(order: BatchOrder) -> Iterator[tuple[str, str]]:
    """The provider and model asked for must exist and be able to serve; without any, some provider must."""
    configuration = snapshot.load()
    usable = [provider for provider in configuration.providers if provider.enabled and provider.is_keyed]
    asked = [provider for provider in usable if provider.id == order.provider or not order.provider]
    if order.provider and not asked:
        yield "provider", _why_unusable(configuration.provider(order.provider), order.provider, usable)
    elif not usable:
        yield "provider", "No provider is on and has its key. Enter a key in the admin under Providers, or by the API."
    elif order.model:
        offered = [model.model_id for provider in asked for model in provider.models if model.enabled]
        if order.model not in offered:
            place = order.provider or "any provider that is on and has its key"
            known = ", ".join(offered[:NAMED_MAX]) or "none is on"
            yield "model", f"'{order.model}' is not an enabled model of {place}. Choose one of: {known}."


def _setting_errors(order: BatchOrder) -> Iterator[tuple[str, str]]:
    if order.when_full not in list(WhenFull):
        yield "when_full", f"Choose one of: {', '.join(WhenFull)}."
    yield from cap_errors(order.token_cap, order.cost_cap, choice_of(order.provider, order.model))


def _why_unusable(provider: ProviderEntry | None, provider_id: str, usable: list[ProviderEntry]) -> str:
    names = ", ".join(entry.id for entry in usable)
    others = f"Usable now: {names}; left empty, the choice is automatic." if usable else "None is usable now."
    if provider is None:
        return f"There is no provider '{provider_id}'. {others}"
    if not provider.enabled:
        return f"{provider.name} is switched off. Switch it on, or choose another. {others}"
    lack = (
        "has a key that cannot be decrypted. Enter it anew" if provider.key_is_unreadable else "has no key. Enter one"
    )
    return f"{provider.name} {lack}, or choose another provider. {others}"
