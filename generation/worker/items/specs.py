"""From an item's row to the value that the engine works with."""

from dataclasses import fields
from datetime import date

from django.utils import timezone

from generation.engine.planning import ItemSpec
from generation.models import Batch, Item


def spec_of(item: Item) -> ItemSpec:
    return ItemSpec(**{field.name: getattr(item, field.name) for field in fields(ItemSpec)})


def as_at_of(batch: Batch) -> date:
    """The law of its items is that of the day on which it was ordered."""
    return timezone.localdate(batch.created_at)
