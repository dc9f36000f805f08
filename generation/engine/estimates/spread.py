"""How an order's samples spread over its mix, as counts: what the plan will hold, without walking it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from generation.engine.planning.layout import Strand, lay_out
from generation.engine.planning.mixing import Axis
from generation.engine.planning.order import Order, find_places
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
    if not layout.strands:
        raise ValueError("No topic is left.")
    totals = Totals()
    for strand, steps in zip(layout.strands, layout.steps(order.count), strict=True):
        totals.add(strand, steps)
    used = [count for count in totals.topics.values() if count]
    return Spread(
        count=order.count,
        jurisdictions=_shares([(entry.id, entry.name) for entry in known.jurisdictions], totals.jurisdictions),
        difficulties=_shares([(entry.id, entry.name) for entry in known.difficulties], totals.difficulties),
        sample_types=_shares([(entry.id, entry.name) for entry in known.sample_types], totals.types),
        topics=len(used),
        topics_chosen=len(totals.topics),
        fewest_per_topic=min(used, default=0),
        most_per_topic=max(used, default=0),
        left_out=left_out(order, known),
    )


@dataclass(slots=True)
class Totals:
    """How often each value comes, over all strands."""

    jurisdictions: Counter[str] = field(default_factory=Counter)
    difficulties: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    topics: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, strand: Strand, steps: int) -> None:
        kinds, named, _, _ = strand.walk.axes
        self._add(self.types, strand.types, _counts(kinds, steps))
        if not strand.has_usual_difficulties:
            self._add(self.difficulties, strand.difficulties, _counts(named, steps))
        for place, uses in enumerate(_uses(strand, steps)):
            topic = strand.places[place].topic
            self.topics[topic.jurisdiction, topic.name] += uses.count
            self.jurisdictions.update(_homes(strand, place, uses))
            if strand.has_usual_difficulties:
                self.difficulties[topic.difficulty] += uses.count

    @staticmethod
    def _add(counter: Counter[str], values: tuple[str, ...], counts: list[int]) -> None:
        for value, count in zip(values, counts, strict=True):
            counter[value] += count


@dataclass(frozen=True, slots=True)
class Uses:
    """Which uses of a place there are: the first ``whole``, and those of the round that has begun."""

    whole: int
    begun: tuple[int, ...]

    @property
    def count(self) -> int:
        return self.whole + len(self.begun)


def left_out(order: Order, known: Taxonomy) -> tuple[str, ...]:
    """The topics asked for that none of the chosen jurisdictions has, in the taxonomy's order."""
    anywhere = find_places(Order(order.count, topics=order.topics), known) if order.topics else ()
    kept = {place.topic.name for place in find_places(order, known)}
    return tuple(place.topic.name for place in anywhere if place.topic.name not in kept)


def _uses(strand: Strand, steps: int) -> list[Uses]:
    """By place."""
    size = len(strand.slots)
    positions = strand.walk.axes[2]
    begun: dict[int, list[int]] = {place: [] for place in range(len(strand.places))}
    for step in range(steps - steps % size, steps):
        slot = strand.slots[positions.value(step)]
        begun[slot.place].append(strand.use(slot, step))
    turns = {slot.place: slot.turns for slot in strand.slots}
    return [Uses(steps // size * turns[place], tuple(begun[place])) for place in begun]


def _homes(strand: Strand, place: int, uses: Uses) -> Counter[str]:
    """Its homes take turns: only those uses are walked that make no full turn."""
    homes = strand.places[place].homes
    turns, rest = divmod(uses.whole, len(homes))
    counts = Counter(dict.fromkeys(homes, turns))
    counts.update(strand.home(place, use) for use in (*range(uses.whole - rest, uses.whole), *uses.begun))
    return counts


def _counts(axis: Axis, steps: int) -> list[int]:
    """How often each value is used in the first ``steps`` steps."""
    rounds, rest = divmod(steps, axis.size)
    counts = [rounds] * axis.size
    for step in range(steps - rest, steps):
        counts[axis.value(step)] += 1
    return counts


def _shares(names: list[tuple[str, str]], counts: Mapping[str, int]) -> tuple[Share, ...]:
    return tuple(Share(key, name, counts[key]) for key, name in names if counts.get(key))
