"""What people do with batches: start, stop, resume, retry. The only place that writes their rows for a person."""

import logging
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from kombu.exceptions import OperationalError as BrokerError

from generation import tasks
from generation.choices import BatchStatus, ItemStatus
from generation.engine.order import Order, check_order
from generation.engine.planning import plan
from generation.models import Batch, Item
from providers import snapshot
from providers.routing.config import ProviderEntry

logger = logging.getLogger(__name__)

UNCONFIRMED_MAX = 100_000
CONFIRMED_MAX = 1_000_000
INSTRUCTION_MAX = 4_000
ITEM_BUDGET_MAX = 50
CHUNK = 2_000
NAMED_MAX = 20
SEED_MAX = 2**31 - 1


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
    item_budget: int = 6
    seed: int | None = None
    confirmed: bool = False


def start_batch(order: BatchOrder, user: User | None = None, *, queue: bool = True) -> Batch:
    """Check the order, write the batch with all its items, and queue its lanes once that is committed.

    Raises ValidationError with the fields at fault; nothing is written then.
    With ``queue=False`` the caller works it off.
    """
    errors = dict(chain(_size_errors(order), _mix_errors(order), _route_errors(order)))
    if errors:
        raise ValidationError(errors)
    seed = order.seed if order.seed is not None else random.randrange(SEED_MAX)  # noqa: S311 - variety, not secrecy
    mix = _mix(order, seed)
    with transaction.atomic():
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
            seed=seed,
            created_by=user,
        )
        for chunk in _chunks(_planned_items(batch, mix)):
            Item.objects.bulk_create(chunk)
        if queue:
            transaction.on_commit(lambda: queue_lanes(batch.pk, batch.count))
    return batch


def stop_batch(pk: int) -> Batch:
    """Nothing new starts; calls in flight finish and are kept. Raises BatchConflict where it has ended."""
    moved = Batch.objects.filter(pk=pk).move_to(BatchStatus.STOPPED, finished_at=Now(), status_reason="", wake_at=None)
    return _moved(pk, moved, "stopped", "Only a pending, running or paused batch can be.")


def resume_batch(pk: int) -> Batch:
    """Go on with exactly the missing items. Raises BatchConflict where it was not stopped or paused."""
    resumable = Batch.objects.filter(pk=pk, status__in=(BatchStatus.STOPPED, BatchStatus.PAUSED))
    with transaction.atomic():
        moved = resumable.move_to(BatchStatus.RUNNING, finished_at=None, status_reason="", wake_at=None)
        if moved:
            _queue_open_items(pk)
    return _moved(pk, moved, "resumed", "Only a stopped or paused batch can be; failed items are taken up by retry.")


def retry_failed(pk: int) -> Batch:
    """Take up the failed items, and only those, with a fresh budget.

    Raises BatchConflict where none failed or the batch is stopped.
    """
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=pk)
        if batch.status == BatchStatus.STOPPED:
            raise BatchConflict(f"Batch {pk} is stopped. Resume it first; retry then takes up its failed items.")
        failed = Item.objects.filter(batch_id=pk, status=ItemStatus.FAILED)
        count = failed.update(status=ItemStatus.PENDING, faults=0, expirations=0, failure="")
        if not count:
            raise BatchConflict(f"Batch {pk} has no failed items to retry.")
        Batch.objects.filter(pk=pk).update(failed=F("failed") - count)
        Batch.objects.filter(pk=pk).move_to(BatchStatus.RUNNING, finished_at=None, status_reason="", wake_at=None)
        _queue_open_items(pk)
    batch.refresh_from_db()
    return batch


def queue_lanes(batch_id: int, items: int) -> None:
    """Queue as many lanes as the items can use. Where the broker is away, the scheduler queues them later."""
    lanes = min(settings.GENERATION_LANES, -(-items // settings.GENERATION_CALLS_PER_LANE))
    try:
        for _ in range(max(1, lanes)):
            tasks.work.delay(batch_id)
    except BrokerError as error:
        logger.warning("batch %s is not queued yet, the broker is away: %s", batch_id, error)


def _queue_open_items(pk: int) -> None:
    open_items = Item.objects.open().filter(batch_id=pk).count()
    transaction.on_commit(lambda: queue_lanes(pk, open_items))


def _moved(pk: int, moved: int, deed: str, rule: str) -> Batch:
    batch = Batch.objects.get(pk=pk)
    if not moved:
        raise BatchConflict(f"Batch {pk} is {batch.get_status_display().lower()} and cannot be {deed}. {rule}")
    return batch


def _mix(order: BatchOrder, seed: int = 0) -> Order:
    return Order(
        count=order.count,
        jurisdictions=order.jurisdictions,
        topics=order.topics,
        difficulties=order.difficulties,
        sample_types=order.sample_types,
        seed=seed,
    )


def _planned_items(batch: Batch, mix: Order) -> Iterator[Item]:
    for spec in plan(mix):
        yield Item(
            batch=batch,
            number=spec.number,
            jurisdiction=spec.jurisdiction,
            practice_area=spec.practice_area,
            topic=spec.topic,
            difficulty=spec.difficulty,
            sample_type=spec.sample_type,
            scenario=spec.scenario,
        )


def _size_errors(order: BatchOrder) -> Iterator[tuple[str, str]]:
    if order.count < 1:
        yield "count", "Ask for at least 1 sample."
    elif order.count > CONFIRMED_MAX:
        yield "count", f"One batch holds at most {CONFIRMED_MAX:,} samples. Start several."
    elif order.count > UNCONFIRMED_MAX and not order.confirmed:
        yield (
            "count",
            f"More than {UNCONFIRMED_MAX:,} at once must be confirmed (API: confirm true, command: --yes).",
        )
    if not 1 <= order.item_budget <= ITEM_BUDGET_MAX:
        yield "item_budget", f"Give a number from 1 to {ITEM_BUDGET_MAX}."
    if len(order.instruction) > INSTRUCTION_MAX:
        yield "instruction", f"Keep it under {INSTRUCTION_MAX} characters; it is sent with every prompt."
    if order.seed is not None and not 0 <= order.seed <= SEED_MAX:
        yield "seed", f"Give a number from 0 to {SEED_MAX}, or leave it out."


def _mix_errors(order: BatchOrder) -> Iterator[tuple[str, str]]:
    yield from check_order(_mix(order)).items()


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


def _chunks(items: Iterator[Item]) -> Iterator[list[Item]]:
    while chunk := list(islice(items, CHUNK)):
        yield chunk
