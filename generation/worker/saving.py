"""Writing what was made: sample, attempts and status in one transaction, in groups, guarded by the lease."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from generation.choices import OK_OUTCOME, ItemStatus
from generation.engine.parsing import Draft
from generation.models import Attempt, Batch, Item
from providers.llm.text import storable
from providers.routing.call import Call
from samples.models import Sample

ANSWER_KEPT = 20_000
COST_MAX = 10**5


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one item: a draft, a failure, or neither, when it goes back. ``calls`` were made in any case.

    ``retry_after_s``: an item that goes back is not claimed again for so long.
    """

    item: Item
    calls: tuple[Call, ...]
    faults: int
    draft: Draft | None = None
    failure: str = ""
    retry_after_s: float = 0.0


def save(batch_id: int, lease_token: UUID, results: Sequence[Result]) -> None:
    """Write the results; the calls are booked whatever became of their item.

    A draft was paid for: it is taken for any item that is still open, whoever holds it by now, and the row's lock and
    status let an item have one. A failure counts only where the lease is ours, or nobody's. Nothing is written for a
    batch that was deleted meanwhile.
    """
    with transaction.atomic():
        if not Batch.objects.select_for_update().filter(pk=batch_id).exists():
            return
        pks = [result.item.pk for result in results]
        open_now = set(Item.objects.open().filter(pk__in=pks).select_for_update().values_list("pk", flat=True))
        ours = set(Item.objects.savable(lease_token).filter(pk__in=pks).values_list("pk", flat=True))
        done = [result for result in results if result.draft and result.item.pk in open_now]
        failed = [result for result in results if result.failure and result.item.pk in ours]
        _save_done(done)
        _save_failed(failed)
        _hand_back(lease_token, [result for result in results if not result.draft and not result.failure])
        attempts = Attempt.objects.bulk_create(
            [_attempt(result.item, call) for result in results for call in result.calls]
        )
        Batch.objects.filter(pk=batch_id).update(
            generated=F("generated") + len(done),
            failed=F("failed") + len(failed),
            attempts=F("attempts") + len(attempts),
            tokens=F("tokens") + sum(attempt.prompt_tokens + attempt.completion_tokens for attempt in attempts),
            switches=F("switches") + sum(attempt.is_switch for attempt in attempts),
        )


def _save_done(results: Sequence[Result]) -> None:
    samples = Sample.objects.bulk_create(
        [_sample(result.item, result.draft, result.calls) for result in results if result.draft]
    )
    for result, sample in zip(results, samples, strict=True):
        item = result.item
        item.status, item.sample, item.faults = ItemStatus.DONE, sample, result.faults
        item.lease_token = item.leased_until = None
    fields = ["status", "sample", "faults", "lease_token", "leased_until"]
    Item.objects.bulk_update([result.item for result in results], fields)


def _save_failed(results: Sequence[Result]) -> None:
    for result in results:
        item = result.item
        item.status, item.failure, item.faults = ItemStatus.FAILED, storable(result.failure), result.faults
        item.lease_token = item.leased_until = None
    fields = ["status", "failure", "faults", "lease_token", "leased_until"]
    Item.objects.bulk_update([result.item for result in results], fields)


def _hand_back(lease_token: UUID, results: Sequence[Result]) -> None:
    """Items that nobody failed keep the faults that they had, and wait for their next claim."""
    for faults, retry_after_s in {(result.faults, result.retry_after_s) for result in results}:
        pks = [result.item.pk for result in results if (result.faults, result.retry_after_s) == (faults, retry_after_s)]
        retry_at = Now() + timedelta(seconds=retry_after_s) if retry_after_s else None
        Item.objects.held_under(lease_token).filter(pk__in=pks).update(
            status=ItemStatus.PENDING, lease_token=None, leased_until=None, faults=faults, retry_at=retry_at
        )


def _sample(item: Item, draft: Draft, calls: tuple[Call, ...]) -> Sample:
    last = calls[-1]
    return Sample(
        question=draft.question,
        answer=draft.answer,
        case_citation=draft.case_citation,
        reasoning=draft.reasoning,
        jurisdiction=item.jurisdiction,
        practice_area=item.practice_area,
        topic=item.topic,
        difficulty=item.difficulty,
        sample_type=item.sample_type,
        provider=last.provider_id,
        model=last.model_id,
        batch_id=item.batch_id,
        item_number=item.number,
        tokens=sum(call.usage.total_tokens for call in calls),
    )


def _attempt(item: Item, call: Call) -> Attempt:
    return Attempt(
        item_id=item.pk,
        batch_id=item.batch_id,
        provider=call.provider_id,
        model=call.model_id,
        outcome=call.kind or OK_OUTCOME,
        status_code=call.status,
        detail=storable(call.detail),
        answer=storable(call.answer[:ANSWER_KEPT]),
        is_switch=call.is_switch,
        prompt_tokens=call.usage.prompt_tokens,
        completion_tokens=call.usage.completion_tokens,
        cost=call.cost if call.cost is not None and call.cost < COST_MAX else None,
        latency_ms=round(call.latency_s * 1000),
        started_at=call.started_at,
    )
