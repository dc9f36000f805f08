"""Between an item's row and the value that the engine works with."""

from datetime import date
from typing import Any

from django.utils import timezone

from generation.engine.planning.plan import ItemSpec
from generation.models import Batch, Item

COLUMNS = ("number", "jurisdiction", "practice_area", "topic", "difficulty", "sample_type", "scenario")


def spec_of(item: Item, batch: Batch) -> ItemSpec:
    """The law is that of the day on which the batch was ordered. An item is replaced once at most."""
    drawn_before = 0 if item.replaced_at is None else 1
    return ItemSpec(**columns_of(item), draw=drawn_before, seed=batch.seed, as_at=as_at_of(batch))


def columns_of(spec: ItemSpec | Item) -> dict[str, Any]:
    """What an item's row keeps of its spec; the rest is its batch's."""
    return {name: getattr(spec, name) for name in COLUMNS}


def as_at_of(batch: Batch) -> date:
    """The law of its items is that of the day on which it was ordered."""
    return timezone.localdate(batch.created_at)
