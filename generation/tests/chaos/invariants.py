"""What must be true of a batch at its end, whatever happened to it on its way."""

from collections import Counter

from django.db.models import Count, F, Q, Sum

from generation.choices import BatchStatus, ItemStatus
from generation.models import Attempt, Batch, Item
from providers.llm.errors import ErrorKind
from providers.sandbox.thread import RunningSandbox
from samples.models import Sample


def unsaved(sandbox: RunningSandbox) -> int:
    """Calls that the vendor has seen and the ledger has not."""
    return len(sandbox.calls) - Attempt.objects.count()


def assert_whole(batch: Batch) -> None:
    """Every item was done exactly once, and the counters are what the rows say."""
    assert (batch.status, batch.status_reason) == (BatchStatus.COMPLETED, "")
    items = Item.objects.filter(batch=batch)
    assert Counter(items.values_list("status", flat=True)) == {ItemStatus.DONE: batch.count}
    numbers = Sample.objects.of_batch(batch.pk).order_by("item_number").values_list("item_number", flat=True)
    assert list(numbers) == list(range(1, batch.count + 1))
    own = items.filter(sample__batch_id=F("batch_id"), sample__item_number=F("number"))
    assert own.count() == batch.count
    assert _counters(batch) == _rows(batch)


def assert_replaced_once(batch: Batch) -> None:
    """Of a batch whose items may have one fault: whose answer was rejected was replaced, and nothing else was; what
    failed had been replaced before; and the counters are what the rows say."""
    items = Item.objects.filter(batch=batch)
    rejected = Counter(
        Attempt.objects.filter(batch=batch, outcome=ErrorKind.BAD_OUTPUT).values_list("item_id", flat=True)
    )
    replaced = set(items.filter(replaced_at__isnull=False).values_list("pk", flat=True))
    assert set(rejected) == replaced
    assert batch.replaced == len(replaced) > 0
    failed = set(items.filter(status=ItemStatus.FAILED).values_list("pk", flat=True))
    assert {pk for pk, times in rejected.items() if times > 1} >= failed
    assert batch.generated + batch.failed == batch.count
    assert f"{batch.failed:,} short" in batch.status_reason
    assert _counters(batch) == _rows(batch)


def _counters(batch: Batch) -> dict[str, int]:
    names = ("planned", "generated", "failed", "attempts", "tokens", "switches")
    return {name: getattr(batch, name) for name in names}


def _rows(batch: Batch) -> dict[str, int]:
    items = Item.objects.filter(batch=batch)
    attempts = Attempt.objects.filter(batch=batch).aggregate(
        attempts=Count("pk"),
        tokens=Sum(F("prompt_tokens") + F("completion_tokens"), default=0),
        switches=Count("pk", filter=Q(is_switch=True)),
    )
    return {
        "planned": items.count(),
        "generated": items.filter(status=ItemStatus.DONE).count(),
        "failed": items.filter(status=ItemStatus.FAILED).count(),
        **attempts,
    }
