"""Writing what was made: sample, attempts and status in one transaction, in groups, guarded by the lease."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from generation.choices import OK_OUTCOME, ItemStatus
from generation.engine.parsing import Draft
from generation.models import Attempt, Batch, Item
from generation.worker.database import AWAY
from generation.worker.statements import insert_new, update_each
from providers.llm.text import storable
from providers.routing.call import Call
from samples.models import Sample

ANSWER_KEPT = 20_000
COST_MAX = 10**5
NOT_OPEN = UUID(int=0)
OWN_ERROR = "An error in legalds itself; the worker's log has the traceback."

logger = logging.getLogger(__name__)


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
    """Write the results; the calls are booked whatever became of their item. Saved twice, they count once.

    A draft was paid for: it is taken for any item that is still open, whoever holds it by now, and the row's lock and
    status let an item have one. A failure counts only where the lease is ours, or nobody's. Nothing is written for a
    batch that was deleted meanwhile.
    """
    with transaction.atomic():
        if not Batch.objects.select_for_update(no_key=True).filter(pk=batch_id).exists():
            return
        items = Item.objects.open().filter(pk__in=[result.item.pk for result in results]).select_for_update()
        holders = dict(items.values_list("pk", "lease_token"))
        done = [result for result in results if result.draft and result.item.pk in holders]
        failed = [result for result in results if result.failure and _may_fail(result, holders, lease_token)]
        _save_done(done)
        _save_failed(failed)
        _hand_back(lease_token, [result for result in results if not result.draft and not result.failure])
        attempts = [_attempt(result.item, call) for result in results for call in result.calls]
        booked = insert_new(
            attempts, key="call_id", returning=("prompt_tokens", "completion_tokens", "is_switch", "cost")
        )
        Batch.objects.filter(pk=batch_id).update(
            generated=F("generated") + len(done),
            failed=F("failed") + len(failed),
            attempts=F("attempts") + len(booked),
            tokens=F("tokens") + sum(prompt + completion for prompt, completion, _, _ in booked),
            switches=F("switches") + sum(is_switch for _, _, is_switch, _ in booked),
            cost=F("cost") + sum(cost for _, _, _, cost in booked if cost is not None),
        )


def save_all(batch_id: int, lease_token: UUID, results: Sequence[Result]) -> list[Result]:
    """Write the results; where one makes the database refuse the group, one by one.

    Those that could not be stored as they are come back: their items failed, their calls are booked where that can be.
    Raises only where the database is away, and may then be called again with the same results.
    """
    try:
        save(batch_id, lease_token, results)
    except AWAY:
        raise
    except Exception:  # whatever one row did to the group, the others were paid for
        logger.exception("batch %s: a group was refused, its results are saved one by one", batch_id)
        return [result for result in results if not _save_alone(batch_id, lease_token, result)]
    return []


def _save_alone(batch_id: int, lease_token: UUID, result: Result) -> bool:
    """Save one result, or as much of it as can be stored. Whether that was all."""
    as_failure = replace(result, draft=None, failure=OWN_ERROR)
    for version in (result, as_failure, replace(as_failure, calls=())):
        try:
            save(batch_id, lease_token, [version])
        except AWAY:
            raise
        except Exception:  # as above; what cannot be stored at all must not stop the lane
            logger.exception("batch %s: item %s cannot be saved", batch_id, result.item.number)
        else:
            return version is result
    return False


def _may_fail(result: Result, holders: Mapping[int, UUID | None], lease_token: UUID) -> bool:
    """Whether the item is open, and held by the bearer of the lease or by nobody."""
    return holders.get(result.item.pk, NOT_OPEN) in (lease_token, None)


def _save_done(results: Sequence[Result]) -> None:
    samples = Sample.objects.bulk_create(
        [_sample(result.item, result.draft, result.calls) for result in results if result.draft]
    )
    _settle(ItemStatus.DONE, results, sample_id=[sample.pk for sample in samples])


def _save_failed(results: Sequence[Result]) -> None:
    _settle(ItemStatus.FAILED, results, failure=[storable(result.failure) for result in results])


def _settle(status: ItemStatus, results: Sequence[Result], **values: Sequence[Any]) -> None:
    """Give the items their last status, and their leases up."""
    nothing = [None] * len(results)
    update_each(
        Item,
        {
            "pk": [result.item.pk for result in results],
            "status": [status.value] * len(results),
            "faults": [result.faults for result in results],
            "lease_token": nothing,
            "leased_until": nothing,
            **values,
        },
    )


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
        call_id=call.id,
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
