"""The failed items of a batch: why each failed, and what the models said."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TypedDict

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from generation.choices import OK_OUTCOME, ItemStatus
from generation.models import OUTCOMES, Attempt, Batch, Item

LAST_SHOWN = 5
NO_CALL = "no_call"
NUMBER_MAX = 2**31 - 1
CHUNK = 500
KINDS = {**{kind: name for kind, name in OUTCOMES if kind != OK_OUTCOME}, NO_CALL: "No call was made"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """``kind`` is how the last call ended, ``words`` stand in the reason or the topic, or are the item's number."""

    kind: str = ""
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.kind or self.words)


class Failure(TypedDict):
    """A failed item as files and the API tell it."""

    item: int
    kind: str
    failure: str
    faults: int
    jurisdiction: str
    topic: str
    difficulty: str
    sample_type: str
    scenario: str
    provider: str
    model: str
    detail: str
    answer: str


def failed_items(batch: Batch, wanted: Wanted = Wanted()) -> QuerySet[Item]:  # noqa: B008 - frozen
    """By number. What is asked of their calls is asked for the failed ones only."""
    items = Item.objects.filter(batch=batch, status=ItemStatus.FAILED).order_by("number")
    if wanted.words:
        items = items.filter(_holds(wanted.words))
    if wanted.kind == NO_CALL:
        return with_kind(items).filter(last_outcome__isnull=True)
    return with_kind(items).filter(last_outcome=wanted.kind) if wanted.kind else items


def with_kind(items: QuerySet[Item]) -> QuerySet[Item]:
    """With ``last_outcome``: how the last call of each ended; None where there was none."""
    last = Attempt.objects.filter(item=OuterRef("pk")).order_by("-pk")
    return items.annotate(last_outcome=Subquery(last.values("outcome")[:1]))


def kinds(batch: Batch, limit: int = 20_000) -> list[tuple[str, str, int]]:
    """The kinds of the failed items with their names and how many there are, of the first ``limit``. One query."""
    some = Item.objects.filter(batch=batch, status=ItemStatus.FAILED).order_by("number").values("pk")[:limit]
    rows = with_kind(Item.objects.filter(pk__in=some)).order_by().values_list("last_outcome").annotate(Count("pk"))
    counted = [(kind or NO_CALL, count) for kind, count in rows]
    return [(kind, KINDS.get(kind, kind), count) for kind, count in sorted(counted, key=lambda row: -row[1])]


def last_attempts(item: Item) -> list[Attempt]:
    """The newest first."""
    return list(Attempt.objects.filter(item=item).order_by("-pk")[:LAST_SHOWN])


def told(items: Collection[Item]) -> list[Failure]:
    """One query, whatever their number."""
    last = Attempt.objects.filter(item__in=[item.pk for item in items]).order_by("item_id", "-pk").distinct("item_id")
    by_item = {attempt.item_id: attempt for attempt in last}
    return [_told(item, by_item.get(item.pk)) for item in items]


def told_all(items: QuerySet[Item]) -> Iterator[Failure]:
    """As a stream, in the order of their numbers; what fails meanwhile may be in it or not."""
    after = 0
    while chunk := list(items.filter(number__gt=after)[:CHUNK]):
        yield from told(chunk)
        after = chunk[-1].number


def _told(item: Item, last: Attempt | None) -> Failure:
    return {
        "item": item.number,
        "kind": last.outcome if last else NO_CALL,
        "failure": item.failure,
        "faults": item.faults,
        "jurisdiction": item.jurisdiction,
        "topic": item.topic,
        "difficulty": item.difficulty,
        "sample_type": item.sample_type,
        "scenario": item.scenario,
        "provider": last.provider if last else "",
        "model": last.model if last else "",
        "detail": last.detail if last else "",
        "answer": last.answer if last else "",
    }


def _holds(words: str) -> Q:
    found = Q(failure__icontains=words) | Q(topic__icontains=words)
    is_number = words.isascii() and words.isdecimal() and int(words) <= NUMBER_MAX
    return found | Q(number=int(words)) if is_number else found
