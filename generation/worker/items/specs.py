"""From an item's row to the value that the engine works with."""

from dataclasses import fields

from generation.engine.planning import ItemSpec
from generation.models import Item


def spec_of(item: Item) -> ItemSpec:
    return ItemSpec(**{field.name: getattr(item, field.name) for field in fields(ItemSpec)})
