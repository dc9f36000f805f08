"""The rules of quality for one item."""

from functools import partial

from generation.engine.judging import Check
from generation.models import Item
from samples.quality import checking
from samples.quality.asked import asked_of
from samples.taxonomy import taxonomy


def check_of(item: Item) -> Check:
    """What the rules hold against a draft that is to be the item's sample."""
    return partial(checking.check, requirements=asked_of(item, taxonomy()))
