"""How an order's samples spread over its mix, as counts: what the plan will hold, without walking it."""

from collections import Counter
from dataclasses import dataclass

from generation.engine.mixing import Axis
from generation.engine.order import Order, find_topics
from generation.engine.planning import lay_out
from samples.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Share:
    """One value of an axis, and how many samples it gets."""

    id: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Every share that gets a sample, in the taxonomy's order.

    ``topics`` is how many topics get one, ``topics_chosen`` how many could; ``left_out`` names the topics asked for
    that the jurisdictions exclude.
    """

    count: int
    jurisdictions: tuple[Share, ...]
    difficulties: tuple[Share, ...]
    sample_types: tuple[Share, ...]
    topics: int
    topics_chosen: int
    fewest_per_topic: int
    most_per_topic: int
    left_out: tuple[str, ...] = ()


def spread(order: Order, known: Taxonomy) -> Spread:
    """Exactly what ``plan`` makes of the order, in a time that does not grow with its count.

    An axis uses each value once in any ``size`` steps from a multiple of ``size``: only the steps after the last
    multiple are walked. Topics that the jurisdictions exclude are left out, and named. ValueError where none is left.
    """
    layout = lay_out(order, known)
    if not layout.topics:
        raise ValueError("No topic is left.")
    kinds, named, places, _ = (_counts(axis, order.count) for axis in layout.walk.axes)
    jurisdictions: Counter[str] = Counter()
    difficulties: Counter[str] = Counter()
    for place, topic in enumerate(layout.topics):
        jurisdictions[topic.jurisdiction] += places[place]
        difficulties[topic.difficulty] += places[place]
    if not layout.has_usual_difficulties:
        difficulties = Counter(dict(zip(layout.difficulties, named, strict=True)))
    types = dict(zip(layout.types, kinds, strict=True))
    used = [count for count in places if count]
    return Spread(
        count=order.count,
        jurisdictions=_shares([(entry.id, entry.name) for entry in known.jurisdictions], jurisdictions),
        difficulties=_shares([(entry.id, entry.name) for entry in known.difficulties], difficulties),
        sample_types=_shares([(entry.id, entry.name) for entry in known.sample_types], types),
        topics=len(used),
        topics_chosen=len(places),
        fewest_per_topic=min(used, default=0),
        most_per_topic=max(used, default=0),
        left_out=left_out(order, known),
    )


def left_out(order: Order, known: Taxonomy) -> tuple[str, ...]:
    """The topics asked for that none of the chosen jurisdictions has, in the taxonomy's order."""
    anywhere = find_topics(Order(order.count, topics=order.topics), known) if order.topics else ()
    kept = {topic.name for topic in find_topics(order, known)}
    return tuple(topic.name for topic in anywhere if topic.name not in kept)


def _counts(axis: Axis, steps: int) -> list[int]:
    """How often each value is used in the first ``steps`` steps."""
    rounds, rest = divmod(steps, axis.size)
    counts = [rounds] * axis.size
    for step in range(steps - rest, steps):
        counts[axis.value(step)] += 1
    return counts


def _shares(names: list[tuple[str, str]], counts: dict[str, int]) -> tuple[Share, ...]:
    return tuple(Share(key, name, counts[key]) for key, name in names if counts.get(key))
