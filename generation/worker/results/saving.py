"""Writing what was made: sample, attempts and status in one transaction, in groups, guarded by the lease."""

import json
import logging
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from generation.choices import OK_OUTCOME
from generation.models import Attempt, Batch, Item
from generation.statements import insert_new
from generation.worker.items import replacing
from generation.worker.items.specs import as_at_of
from providers.database import DatabaseAway, asking
from providers.llm.errors import ErrorKind
from providers.llm.text import storable
from providers.routing.call import Call
from samples.actions import keep_citations
from samples.duplicates.saving import save_unique
from samples.models import Sample
from samples.quality.asked import asked_of
from samples.quality.draft import Draft
from samples.quality.duplicates.clash import Clash
from samples.quality.findings import Finding
from samples.quality.judged import judged

GROUP = 50
"""Results that are saved in one transaction, at most."""
ANSWER_KEPT = 20_000
COST_MAX = 10**5
BOOKED = ("prompt_tokens", "completion_tokens", "cached_tokens", "reasoning_tokens", "is_switch", "cost")
OWN_ERROR = "An error in legalds itself; the worker's log has the traceback."

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failed:
    """The item has failed, and says why. ``is_budget_used_up``: by its own faults, so that another may replace it."""

    reason: str
    is_budget_used_up: bool = False


@dataclass(frozen=True, slots=True)
class HandedBack:
    """The item waits for its next claim; not before ``retry_after_s`` are over, where that is given."""

    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class InWork:
    """Nothing has come of the item yet, and its lease is left to run out: whoever worked on it is dead."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one item: a draft is to be its sample, with its ``flags``. ``calls`` were made in any case.

    ``was_replaced``: whether the item, as it was claimed, had been replaced. Anything but a sample that came of what it
    was before is nothing to what it is now.
    """

    item: Item
    calls: tuple[Call, ...]
    faults: int
    end: Draft | Failed | HandedBack | InWork = HandedBack()
    flags: tuple[Finding, ...] = ()
    was_replaced: bool = False

    @property
    def has_rejected_answer(self) -> bool:
        return any(call.kind is ErrorKind.BAD_OUTPUT for call in self.calls)


@dataclass(frozen=True, slots=True)
class _Row:
    """An open item as it stands in the database, locked."""

    lease_token: UUID | None
    replaced_at: datetime | None

    def is_what_failed(self, result: Result, lease_token: UUID) -> bool:
        """Whether it is held by the bearer of the lease or by nobody, and still the item that the result is about."""
        return self.lease_token in (lease_token, None) and (self.replaced_at is not None) == result.was_replaced


def save(batch_id: int, lease_token: UUID, results: Sequence[Result]) -> None:
    """Write the results; the calls are booked whatever became of their item. Saved twice, they count once.

    A draft was paid for: it is taken for any item that is still open, whoever holds it by now, and the row's lock and
    status let an item have one. One that repeats a sample is a wrong answer instead: its call is booked with its text,
    and the item goes back with one more fault. A failure counts only where the lease is ours, or nobody's; the first
    one of an item whose answers were rejected replaces it. Of a batch that was deleted since the calls alone are
    written.
    """
    with transaction.atomic():
        batch = Batch.objects.select_for_update(no_key=True).filter(pk=batch_id).first()
        if batch is None:
            insert_new(_attempts(results), key="call_id", returning=BOOKED)
            return
        items = Item.objects.open().filter(pk__in=[result.item.pk for result in results]).select_for_update()
        columns = items.values_list("pk", "lease_token", "replaced_at")
        rows = {pk: _Row(holder, replaced_at) for pk, holder, replaced_at in columns}
        failed = _unknown_yet([result for result in results if _may_fail(result, rows, lease_token)], rows)
        replaced = _to_replace(failed)
        count_replaced = replacing.replace_all([result.item for result in replaced])
        count_failed = _save_failed([result for result in failed if result not in replaced])
        results, count_done = _save_done(results, rows, batch)
        _hand_back(lease_token, results)
        _note_faults(lease_token, results)
        booked = insert_new(_attempts(results), key="call_id", returning=BOOKED)
        sums = {name: sum(row[place] or 0 for row in booked) for place, name in enumerate(BOOKED)}
        Batch.objects.filter(pk=batch_id).update(
            generated=F("generated") + count_done,
            failed=F("failed") + count_failed,
            replaced=F("replaced") + count_replaced,
            attempts=F("attempts") + len(booked),
            tokens=F("tokens") + sums["prompt_tokens"] + sums["completion_tokens"],
            switches=F("switches") + sums["is_switch"],
            **{name: F(name) + sums[name] for name in ("cached_tokens", "reasoning_tokens", "cost")},
            unpriced=F("unpriced") + sum(row[BOOKED.index("cost")] is None for row in booked),
        )


def save_all(batch_id: int, lease_token: UUID, results: Sequence[Result]) -> list[Result]:
    """Write the results; where one makes the database refuse the group, one by one.

    Those that could not be stored as they are come back: their items failed, their calls are booked where that can be.
    Raises DatabaseAway alone, and may then be called again with the same results.
    """
    try:
        with asking():
            save(batch_id, lease_token, results)
    except DatabaseAway:
        raise
    except Exception:  # whatever one row did to the group, the others were paid for
        logger.exception("batch %s: a group was refused, its results are saved one by one", batch_id)
        return [result for result in results if not _save_alone(batch_id, lease_token, result)]
    return []


def _save_alone(batch_id: int, lease_token: UUID, result: Result) -> bool:
    """Save one result, or as much of it as can be stored. Whether that was all."""
    as_failure = replace(result, end=Failed(OWN_ERROR))
    for version in (result, as_failure, replace(as_failure, calls=())):
        try:
            with asking():
                save(batch_id, lease_token, [version])
        except DatabaseAway:
            raise
        except Exception:  # as above; what cannot be stored at all must not stop the lane
            logger.exception("batch %s: item %s cannot be saved", batch_id, result.item.number)
        else:
            return version is result
    return False


def _may_fail(result: Result, rows: Mapping[int, _Row], lease_token: UUID) -> bool:
    """Whether the result is a failure of an item that is open."""
    row = rows.get(result.item.pk)
    return isinstance(result.end, Failed) and row is not None and row.is_what_failed(result, lease_token)


def _unknown_yet(failed: Sequence[Result], rows: Mapping[int, _Row]) -> list[Result]:
    """Without those of items that nobody holds whose calls are all booked: they were saved before, as by a lane that
    died right after it, and a person may have put the item back since."""
    calls = [call.id for result in failed if rows[result.item.pk].lease_token is None for call in result.calls]
    booked = set(Attempt.objects.filter(call_id__in=calls).values_list("call_id", flat=True)) if calls else set()
    return [result for result in failed if not result.calls or any(call.id not in booked for call in result.calls)]


def _to_replace(failed: Sequence[Result]) -> list[Result]:
    """Those that were not replaced yet, and of whose faults at least one was a rejected answer."""
    first = [
        result
        for result in failed
        if isinstance(result.end, Failed) and result.end.is_budget_used_up and not result.was_replaced
    ]
    earlier = replacing.rejected_before([result.item.pk for result in first if not result.has_rejected_answer])
    return [result for result in first if result.has_rejected_answer or result.item.pk in earlier]


def _save_done(results: Sequence[Result], open_items: Collection[int], batch: Batch) -> tuple[list[Result], int]:
    """Drafts of open items become samples. The results, with those rejected that repeat one, and how many are done."""
    done = {
        result.item.pk: _sample(result.item, batch, result.end, result.calls, result.flags)
        for result in results
        if isinstance(result.end, Draft) and result.item.pk in open_items
    }
    found = dict(zip(done, save_unique(list(done.values())), strict=True))
    results = [_settled(result, found.get(result.item.pk)) for result in results]
    kept = [result for result in results if result.item.pk in done and isinstance(result.end, Draft)]
    keys = [done[result.item.pk].pk for result in kept]
    keep_citations([done[result.item.pk] for result in kept])
    return results, Item.objects.finish({**_own(kept), "sample_id": keys})


def _settled(result: Result, clash: Clash | None) -> Result:
    """The result, or as it is where its draft repeats a sample."""
    if clash is None or not isinstance(result.end, Draft):
        return result
    finding, text = clash.finding, json.dumps(asdict(result.end), ensure_ascii=False)
    call = result.calls[-1].rejected((finding.message,), text, {finding.rule: finding.message})
    return replace(result, calls=(*result.calls[:-1], call), faults=result.faults + 1, end=HandedBack())


def _save_failed(results: Sequence[Result]) -> int:
    reasons = [storable(result.end.reason) for result in results if isinstance(result.end, Failed)]
    return Item.objects.fail({**_own(results), "failure": reasons})


def _own(results: Sequence[Result]) -> dict[str, list[Any]]:
    return {"pk": [result.item.pk for result in results], "faults": [result.faults for result in results]}


def _hand_back(lease_token: UUID, results: Sequence[Result]) -> None:
    """Items that nobody failed keep the faults that they had, and wait for their next claim."""
    keys: defaultdict[tuple[int, float | None, bool], list[int]] = defaultdict(list)
    for result in results:
        if isinstance(result.end, HandedBack):
            keys[result.faults, result.end.retry_after_s, result.was_replaced].append(result.item.pk)
    for (faults, retry_after_s, was_replaced), pks in keys.items():
        retry_at = None if retry_after_s is None else Now() + timedelta(seconds=retry_after_s)
        held = Item.objects.held_under(lease_token).filter(pk__in=pks, replaced_at__isnull=not was_replaced)
        held.hand_back(faults=faults, retry_at=retry_at)


def _note_faults(lease_token: UUID, results: Sequence[Result]) -> None:
    """Items whose worker died have the faults that their calls showed until then."""
    for result in results:
        if isinstance(result.end, InWork):
            held = Item.objects.held_under(lease_token).filter(replaced_at__isnull=not result.was_replaced)
            held.filter(pk=result.item.pk).update(faults=result.faults)


def _sample(item: Item, batch: Batch, draft: Draft, calls: tuple[Call, ...], flags: tuple[Finding, ...]) -> Sample:
    last = calls[-1]
    return Sample(
        **asdict(draft),
        **judged(draft, asked_of(item, batch.taxonomy), flags),
        as_at=as_at_of(batch),
        jurisdiction=item.jurisdiction,
        practice_area=item.practice_area,
        topic=item.topic,
        difficulty=item.difficulty,
        sample_type=item.sample_type,
        provider=last.provider_id,
        model=last.model_id,
        model_answered=last.model_answered,
        batch_id=item.batch_id,
        item_number=item.number,
        tokens=sum(call.usage.total_tokens for call in calls),
    )


def _attempts(results: Sequence[Result]) -> list[Attempt]:
    return [attempt for result in results for attempt in _attempts_of(result)]


def _attempts_of(result: Result) -> Iterator[Attempt]:
    """Its calls in their order, each model's first answer marked as that."""
    answered: set[str] = set()
    for call in result.calls:
        attempt = _attempt(result.item, call)
        if call.kind in (None, ErrorKind.BAD_OUTPUT):
            attempt.is_first_answer = call.route_key not in answered
            answered.add(call.route_key)
        yield attempt


def _attempt(item: Item, call: Call) -> Attempt:
    return Attempt(
        call_id=call.id,
        item_id=item.pk,
        batch_id=item.batch_id,
        sample_type=item.sample_type,
        provider=call.provider_id,
        model=call.model_id,
        model_answered=call.model_answered,
        outcome=call.kind or OK_OUTCOME,
        status_code=call.status,
        detail=storable(call.detail),
        answer=storable(call.answer[:ANSWER_KEPT]),
        rules={name: storable(found) for name, found in call.rules.items()} or None,
        is_switch=call.is_switch,
        prompt_tokens=call.usage.prompt_tokens,
        completion_tokens=call.usage.completion_tokens,
        cached_tokens=call.usage.cached_tokens,
        reasoning_tokens=call.usage.reasoning_tokens,
        cost=call.cost if call.cost is not None and call.cost < COST_MAX else None,
        latency_ms=round(call.latency_s * 1000),
        started_at=call.started_at,
    )
