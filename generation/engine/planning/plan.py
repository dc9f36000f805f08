"""From an order's mix to the specs of its items."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from generation.engine.planning.layout import lay_out
from generation.engine.planning.order import Order, check_order
from samples.taxonomy import Taxonomy

__all__ = ["ItemSpec", "Order", "check_order", "plan"]


@dataclass(frozen=True, slots=True)
class ItemSpec:
    """What one item must be about. ``number`` is its place in the batch, 1 first.

    ``scenario`` is empty where its type wants none. ``seed``, ``number`` and ``draw`` decide the facets of its case;
    ``draw`` counts the items that it took the place of. ``as_at`` is the day whose law is asked for.
    """

    number: int
    jurisdiction: str
    practice_area: str
    topic: str
    difficulty: str
    sample_type: str
    scenario: str
    draw: int = 0
    seed: int = 0
    as_at: date | None = None


def plan(order: Order, known: Taxonomy, start: int = 0) -> Iterator[ItemSpec]:
    """The specs of the order's items from the ``start``-th on, made one by one, the same ones for the same order
    and taxonomy.

    Whatever the count, every topic, type, named difficulty, scenario and combination of these is used floor or ceil
    times, and so is every jurisdiction of a topic; with weights as many times as its weight says. ValueError where
    ``check_order`` finds fault with the order.
    """
    if problems := check_order(order, known):
        raise ValueError(" ".join(problems.values()))
    return _specs(order, known, start)


def _specs(order: Order, known: Taxonomy, start: int) -> Iterator[ItemSpec]:
    with_scenario = {entry.id for entry in known.sample_types if entry.wants_scenario}
    walk = lay_out(order, known).walk(start)
    for number, (strand, step) in enumerate(islice(walk, max(order.count - start, 0)), start + 1):
        kind, difficulty, position, scenario = strand.walk.values(step)
        slot = strand.slots[position]
        topic = strand.places[slot.place].topic
        sample_type = strand.types[kind]
        yield ItemSpec(
            number=number,
            jurisdiction=strand.home(slot.place, strand.use(slot, step)),
            practice_area=topic.practice_area,
            topic=topic.name,
            difficulty=topic.difficulty if strand.has_usual_difficulties else strand.difficulties[difficulty],
            sample_type=sample_type,
            scenario=strand.scenarios[scenario] if sample_type in with_scenario else "",
            seed=order.seed,
        )
