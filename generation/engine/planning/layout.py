"""An order's axes as its seed draws them, and the walk over them."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from generation.engine.planning.mixing import KEY_MAX, Mix, balanced, mix, permutation, reduced
from generation.engine.planning.order import Order, Place, find_difficulties, find_places, find_sample_types
from generation.engine.planning.weights import weighed_as, weights_by_id
from samples.taxonomy import Taxonomy

USUAL = "usual"  # stands for each topic's own difficulty


@dataclass(frozen=True, slots=True)
class Slot:
    """A turn of a place in a round over all: its ``turn``-th of ``turns``, 0 first."""

    place: int
    turn: int
    turns: int


@dataclass(frozen=True, slots=True)
class Strand:
    """Places that share a walk of their own. A value with more weight has more than one slot on its axis.

    ``offsets`` holds for each place with which of its homes it begins, so that places that follow each other differ.
    """

    places: tuple[Place, ...]
    types: tuple[str, ...]
    difficulties: tuple[str, ...]
    slots: tuple[Slot, ...]
    offsets: tuple[int, ...]
    scenarios: tuple[str, ...]
    walk: Mix
    key: int

    @property
    def has_usual_difficulties(self) -> bool:
        """Whether each topic has its own difficulty, since none is named."""
        return self.difficulties == (USUAL,)

    def use(self, slot: Slot, step: int) -> int:
        """The how-manieth use of its place that a slot is at the walk's ``step``, 0 first."""
        return step // len(self.slots) * slot.turns + slot.turn

    def home(self, place: int, use: int) -> str:
        """Whose law it is: a place's homes take turns, in an order that is drawn anew after all had theirs."""
        homes = self.places[place].homes
        block, turn = divmod(use, len(homes))
        return homes[permutation(self.key, block, len(homes))[(self.offsets[place] + turn) % len(homes)]]


@dataclass(frozen=True, slots=True)
class Layout:
    """``turns`` is a round over the strands, by their places in ``strands``."""

    strands: tuple[Strand, ...]
    turns: tuple[int, ...]

    def steps(self, count: int) -> list[int]:
        """How many of the first ``count`` items each strand has."""
        rounds, rest = divmod(count, len(self.turns))
        begun = self.turns[:rest]
        return [rounds * self.turns.count(place) + begun.count(place) for place in range(len(self.strands))]

    def walk(self, start: int) -> Iterator[tuple[Strand, int]]:
        """From the ``start``-th item on: its strand, and the step that it is on that strand's own walk. Endless."""
        steps, place = self.steps(start), start
        while True:
            turn = self.turns[place % len(self.turns)]
            yield self.strands[turn], steps[turn]
            steps[turn] += 1
            place += 1


def lay_out(order: Order, known: Taxonomy) -> Layout:
    """The order must be one that ``check_order`` finds no fault with, but for topics that are left out."""
    rng = random.Random(order.seed)  # noqa: S311 - variety, not secrecy
    weights = {axis: weights_by_id(order.weights, axis, known) for axis in order.words()}
    groups = _groups(find_places(order, known), weights["jurisdictions"], known)
    drawn = [(_strand(places, order, weights, known, rng), weight) for places, weight in groups]
    kept = [(strand, weight) for strand, weight in drawn if strand is not None]
    return Layout(tuple(strand for strand, _ in kept), balanced(reduced([weight for _, weight in kept]), rng))


def _groups(places: Sequence[Place], weights: Mapping[str, int], known: Taxonomy) -> list[tuple[list[Place], int]]:
    """Without weights all places share one walk, each topic alike; with weights each jurisdiction has its own.

    A whole whose parts are not weighed by themselves counts as one.
    """
    if not weights:
        return [(list(places), 1)]
    homes = dict.fromkeys(home for place in places for home in place.homes)
    keys = {home: weighed_as(home, weights, known) for home in homes}
    groups: list[tuple[list[Place], int]] = []
    for key in dict.fromkeys(keys.values()):
        own = [Place(place.topic, tuple(home for home in place.homes if keys[home] == key)) for place in places]
        groups.append(([place for place in own if place.homes], weights.get(key, 1)))
    return [(own, weight) for own, weight in groups if weight]


def _strand(
    places: Sequence[Place], order: Order, weights: Mapping[str, Mapping[str, int]], known: Taxonomy, rng: random.Random
) -> Strand | None:
    """None where nothing is left of it."""
    weighed = [(place, weights["topics"].get(place.topic.name, 1)) for place in places]
    kept = [(place, weight) for place, weight in weighed if weight]
    slots = _slots(kept, rng)
    types = _repeated(find_sample_types(order, known), weights["sample_types"], rng)
    named = find_difficulties(order, known) or (weights["difficulties"] and [entry.id for entry in known.difficulties])
    difficulties = _repeated(named, weights["difficulties"], rng) if named else (USUAL,)
    if not (slots and types and difficulties):
        return None
    scenarios = tuple(rng.sample(known.scenario_patterns, len(known.scenario_patterns)))
    return Strand(
        places=tuple(place for place, _ in kept),
        types=types,
        difficulties=difficulties,
        slots=slots,
        offsets=_offsets([place for place, _ in kept], slots),
        scenarios=scenarios,
        walk=mix((len(types), len(difficulties), len(slots), len(scenarios)), rng),
        key=rng.randrange(KEY_MAX),
    )


def _repeated(values: Sequence[str], weights: Mapping[str, int], rng: random.Random) -> tuple[str, ...]:
    return tuple(values[index] for index in balanced(reduced([weights.get(value, 1) for value in values]), rng))


def _slots(weighed: Sequence[tuple[Place, int]], rng: random.Random) -> tuple[Slot, ...]:
    turns = reduced([weight for _, weight in weighed])
    round_ = _interleaved([place for place, _ in weighed], rng) if set(turns) == {1} else balanced(turns, rng)
    begun: Counter[int] = Counter()
    slots = []
    for place in round_:
        slots.append(Slot(place, begun[place], turns[place]))
        begun[place] += 1
    return tuple(slots)


def _offsets(places: Sequence[Place], slots: Iterable[Slot]) -> tuple[int, ...]:
    """The rank of each place among those with the same homes, as they come in a round."""
    ranks: Counter[tuple[str, ...]] = Counter()
    offsets = [0] * len(places)
    for place in dict.fromkeys(slot.place for slot in slots):
        offsets[place] = ranks[places[place].homes]
        ranks[places[place].homes] += 1
    return tuple(offsets)


def _interleaved(places: Sequence[Place], rng: random.Random) -> list[int]:
    """Shuffled so that each jurisdiction's topics lie evenly apart: a small batch sees all of them."""
    placed: list[tuple[float, int]] = []
    for jurisdiction in dict.fromkeys(place.topic.jurisdiction for place in places):
        own = [index for index, place in enumerate(places) if place.topic.jurisdiction == jurisdiction]
        offset = rng.random()
        placed += [((rank + offset) / len(own), index) for rank, index in enumerate(rng.sample(own, len(own)))]
    return [index for _, index in sorted(placed)]
