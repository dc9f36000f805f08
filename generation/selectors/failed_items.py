"""The failed items of a batch: found by how their last call ended, and told with it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from generation.choices import OK_OUTCOME, OUTCOMES
from generation.models import Attempt, Batch, Item
from providers.llm.errors import ErrorKind

NO_CALL = "no_call"
UNREADABLE = "unreadable"
"""Stands for a rule where an answer could not be read, and so is no rule's name."""
KINDS: Mapping[str, str] = {
    **dict(OUTCOMES),
    OK_OUTCOME: "Answered, but not stored",
    NO_CALL: "No call was made",
}
CHUNK = 500
COUNTED = 20_000


@dataclass(frozen=True, slots=True)
class FailedItem:
    """A failed item with its last call, if any was made."""

    item: Item
    last: Attempt | None

    @property
    def kind(self) -> str:
        return self.last.outcome if self.last else NO_CALL

    @property
    def kind_name(self) -> str:
        return KINDS.get(self.kind, self.kind)


def failed_items(batch: Batch, words: str = "", kind: str = "", rule: str = "") -> QuerySet[Item]:
    """By number. Calls are looked at only where a kind or a rule is asked for, and only those of failed items."""
    items: QuerySet[Item] = Item.objects.failed_of(batch, words)
    if kind:
        items = of_kind(items, kind)
    return of_rule(items, rule) if rule else items


def of_kind(items: QuerySet[Item], kind: str) -> QuerySet[Item]:
    return items.annotate(kind=_kind()).filter(kind=kind)


def of_rule(items: QuerySet[Item], rule: str) -> QuerySet[Item]:
    """Those with a rejected answer that broke this rule of quality, or that could not be read."""
    rejected = Attempt.objects.filter(item=OuterRef("pk"), outcome=ErrorKind.BAD_OUTPUT)
    broke = Q(rules__isnull=True) if rule == UNREADABLE else Q(rules__has_key=rule)
    return items.filter(Exists(rejected.filter(broke)))


def kinds_of(batch: Batch) -> list[tuple[str, str, int]]:
    """Each kind with its name and how many it is of, the commonest first. One query over the first failed ones."""
    first = Item.objects.failed_of(batch).values("pk")[:COUNTED]
    some = Item.objects.filter(pk__in=first).annotate(kind=_kind()).order_by()
    rows = some.values_list("kind").annotate(times=Count("pk"))
    return [(kind, KINDS.get(kind, kind), times) for kind, times in sorted(rows, key=lambda row: -row[1])]


def with_last_calls(items: Iterable[Item]) -> list[FailedItem]:
    """One query for all of their calls."""
    listed = list(items)
    pks = [item.pk for item in listed]
    last = Attempt.objects.filter(item__in=pks).order_by("item_id", "-pk").distinct("item_id")
    by_item = {attempt.item_id: attempt for attempt in last}
    return [FailedItem(item, by_item.get(item.pk)) for item in listed]


def all_failures(items: QuerySet[Item]) -> Iterator[FailedItem]:
    """As a stream, by number, a few hundred in memory at once."""
    after = 0
    while chunk := with_last_calls(items.filter(number__gt=after)[:CHUNK]):
        yield from chunk
        after = chunk[-1].item.number


def _kind() -> Coalesce:
    last = Attempt.objects.filter(item=OuterRef("pk")).order_by("-pk").values("outcome")[:1]
    return Coalesce(Subquery(last), Value(NO_CALL))
