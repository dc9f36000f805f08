"""From an order's mix to the specs of its items."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generation.engine.mixing import Mix, mix
from generation.engine.order import Order, check_order, find_difficulties, find_sample_types, find_topics
from samples.taxonomy import Taxonomy, Topic

__all__ = ["ItemSpec", "Layout", "Order", "check_order", "lay_out", "plan"]

USUAL = "usual"  # stands for each topic's own difficulty


@dataclass(frozen=True, slots=True)
class ItemSpec:
    """What one item must be about. ``number`` is its place in the batch, 1 first."""

    number: int
    jurisdiction: str
    practice_area: str
    topic: str
    difficulty: str
    sample_type: str
    scenario: str


def plan(order: Order, known: Taxonomy, start: int = 0) -> Iterator[ItemSpec]:
    """The specs of the order's items from the ``start``-th on, made one by one, the same ones for the same order
    and taxonomy.

    Whatever the count, every topic, type, named difficulty, scenario and combination of these is used floor or ceil
    times. ValueError where ``check_order`` finds fault with the order.
    """
    if problems := check_order(order, known):
        raise ValueError(" ".join(problems.values()))
    return _specs(order, known, start)


@dataclass(frozen=True, slots=True)
class Layout:
    """An order's axes, drawn by its seed, and the walk over them. ``difficulties`` may be ``(USUAL,)``."""

    types: tuple[str, ...]
    difficulties: tuple[str, ...]
    topics: tuple[Topic, ...]
    scenarios: tuple[str, ...]
    walk: Mix

    @property
    def has_usual_difficulties(self) -> bool:
        """Whether each topic has its own difficulty, since none is named."""
        return self.difficulties == (USUAL,)


def lay_out(order: Order, known: Taxonomy) -> Layout:
    """The order must be one that ``check_order`` finds no fault with."""
    rng = random.Random(order.seed)  # noqa: S311 - variety, not secrecy
    topics = _interleaved(find_topics(order, known), rng)
    types = _shuffled(find_sample_types(order, known), rng)
    difficulties = _shuffled(find_difficulties(order, known), rng) or [USUAL]
    scenarios = _shuffled(known.scenario_patterns, rng)
    walk = mix((len(types), len(difficulties), len(topics), len(scenarios)), rng)
    return Layout(tuple(types), tuple(difficulties), tuple(topics), tuple(scenarios), walk)


def _specs(order: Order, known: Taxonomy, start: int) -> Iterator[ItemSpec]:
    layout = lay_out(order, known)
    for step in range(start, order.count):
        kind, difficulty, place, scenario = layout.walk.values(step)
        topic = layout.topics[place]
        yield ItemSpec(
            number=step + 1,
            jurisdiction=topic.jurisdiction,
            practice_area=topic.practice_area,
            topic=topic.name,
            difficulty=topic.difficulty if layout.has_usual_difficulties else layout.difficulties[difficulty],
            sample_type=layout.types[kind],
            scenario=layout.scenarios[scenario],
        )


def _shuffled(values: Sequence[str], rng: random.Random) -> list[str]:
    return rng.sample(values, len(values))


def _interleaved(topics: Sequence[Topic], rng: random.Random) -> list[Topic]:
    """Shuffled so that each jurisdiction's topics lie evenly apart: a small batch sees all of them."""
    placed: list[tuple[float, Topic]] = []
    for jurisdiction in dict.fromkeys(topic.jurisdiction for topic in topics):
        own = [topic for topic in topics if topic.jurisdiction == jurisdiction]
        offset = rng.random()
        placed += [((rank + offset) / len(own), topic) for rank, topic in enumerate(rng.sample(own, len(own)))]
    return [topic for _, topic in sorted(placed, key=lambda entry: entry[0])]
