"""Giving an item whose answers were rejected another try, once: in place it becomes a fresh one of its kind.

Its number and the cell of its batch's mix stay, so that the batch still makes what was ordered.
"""

from collections.abc import Collection, Sequence

from django.utils import timezone

from generation.engine.planning.replacement import replacement
from generation.models import Attempt, Batch, Item
from generation.worker.items.specs import COLUMNS, spec_of
from providers.llm.errors import ErrorKind

PLANNED = tuple(name for name in COLUMNS if name != "number")


def rejected_before(keys: Collection[int]) -> set[int]:
    """Those of the items of whose answers one is booked as rejected."""
    if not keys:
        return set()
    rejected = Attempt.objects.filter(item__in=keys, outcome=ErrorKind.BAD_OUTPUT).order_by()
    return set(rejected.values_list("item_id", flat=True))


def replace_all(items: Sequence[Item]) -> int:
    """Plan them anew; how many that were. The caller holds their rows' locks, and none was replaced before."""
    if not items:
        return 0
    batches = Batch.objects.in_bulk({item.batch_id for item in items})
    pairs = [(item, batches[item.batch_id]) for item in items]
    specs = [replacement(spec_of(item, batch), batch.taxonomy) for item, batch in pairs]
    planned = {name: [getattr(spec, name) for spec in specs] for name in PLANNED}
    return Item.objects.replace(
        {"pk": [item.pk for item in items], "replaced_at": [timezone.now()] * len(items), **planned}
    )
