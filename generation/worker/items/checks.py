"""The rules of quality for one item."""

from functools import partial

from generation.engine.judging import Check
from generation.models import Item
from samples.quality import checking
from samples.quality.asked import asked_of
from samples.taxonomy import Taxonomy


def check_of(item: Item, known: Taxonomy) -> Check:
    """What the rules hold against a draft that is to be the item's sample, by the taxonomy of its batch."""
    return partial(checking.check, requirements=asked_of(item, known))
