"""From an item's row to the value that the engine works with."""

from generation.engine.planning import ItemSpec
from generation.models import Item


def spec_of(item: Item) -> ItemSpec:
    return ItemSpec(
        number=item.number,
        jurisdiction=item.jurisdiction,
        practice_area=item.practice_area,
        topic=item.topic,
        difficulty=item.difficulty,
        sample_type=item.sample_type,
        scenario=item.scenario,
    )
