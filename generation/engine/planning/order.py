"""An order's words, held against the taxonomy: what they mean, and what to say where they mean nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from generation.engine.planning.vocabulary import SEE_TOPICS, vocabularies
from generation.engine.planning.weights import AXES, Weights, weighed_as, weights_by_id, weights_error
from samples.taxonomy import Taxonomy, Topic


@dataclass(frozen=True, slots=True)
class Order:
    """What to make; an empty field means all of the taxonomy, and for difficulties each topic's usual one.

    ``weights`` holds by field how often a word comes beside the others: absent is 1, and 0 is never.
    """

    count: int
    jurisdictions: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    difficulties: tuple[str, ...] = ()
    sample_types: tuple[str, ...] = ()
    seed: int = 0
    weights: Weights = field(default_factory=dict)

    def words(self) -> Mapping[str, tuple[str, ...]]:
        """By field, those of the mix alone."""
        return {
            "jurisdictions": self.jurisdictions,
            "difficulties": self.difficulties,
            "sample_types": self.sample_types,
            "topics": self.topics,
        }


@dataclass(frozen=True, slots=True)
class Place:
    """A topic, and the jurisdictions whose law on it is wanted; none of them has parts."""

    topic: Topic
    homes: tuple[str, ...]


def check_order(order: Order, known: Taxonomy) -> dict[str, str]:
    """Field -> what is wrong with it and the remedy; empty where the order can be planned."""
    spoken = vocabularies(known)
    messages = {axis: spoken[axis].unknown(words) for axis, words in order.words().items()}
    if not messages["topics"] and not messages["jurisdictions"]:
        messages["topics"] = _outside(order, known)
    if not any(messages.values()):
        messages["weights"] = weights_error(order.weights, order.words(), known) or _nothing_left(order, known)
    return {axis: message for axis, message in messages.items() if message}


def find_places(order: Order, known: Taxonomy) -> tuple[Place, ...]:
    """The topics named, in the jurisdictions named or their parts; all where none is named."""
    spoken = vocabularies(known)
    wanted = known.with_parts(spoken["jurisdictions"].ids(order.jurisdictions))
    names = spoken["topics"].ids(order.topics)
    places = [
        Place(topic, tuple(home for home in known.homes(topic) if home in wanted or not order.jurisdictions))
        for topic in known.topics
        if topic.name in names or not order.topics
    ]
    return tuple(place for place in places if place.homes)


def find_difficulties(order: Order, known: Taxonomy) -> tuple[str, ...]:
    """The difficulties named; empty where none is: then each topic has its usual one."""
    named = vocabularies(known)["difficulties"].ids(order.difficulties)
    return tuple(entry.id for entry in known.difficulties if entry.id in named)


def find_sample_types(order: Order, known: Taxonomy) -> tuple[str, ...]:
    """The sample types named; all where none is."""
    named = vocabularies(known)["sample_types"].ids(order.sample_types)
    return tuple(entry.id for entry in known.sample_types if entry.id in named or not order.sample_types)


def _nothing_left(order: Order, known: Taxonomy) -> str:
    laws, topics, difficulties, types = (weights_by_id(order.weights, axis, known) for axis in AXES)
    has_place = any(
        topics.get(place.topic.name, 1) and any(laws.get(weighed_as(home, laws, known), 1) for home in place.homes)
        for place in find_places(order, known)
    )
    named = find_difficulties(order, known) or [entry.id for entry in known.difficulties]
    has_others = all(
        any(weights.get(id_, 1) for id_ in ids)
        for weights, ids in ((difficulties, named), (types, find_sample_types(order, known)))
    )
    return "" if has_place and has_others else "Weights of 0 leave nothing to make. Give something a weight above 0."


def _outside(order: Order, known: Taxonomy) -> str:
    """What to say of the first topic that none of the chosen jurisdictions has."""
    topics = vocabularies(known)["topics"]
    kept = {place.topic.name for place in find_places(order, known)}
    strange = next((word for word in order.topics if not topics.ids([word]) & kept), None)
    if strange is None:
        return ""
    meant = topics.ids([strange])
    homes = dict.fromkeys(home for topic in known.topics if topic.name in meant for home in known.homes(topic))
    return (
        f"The topic '{strange}' belongs to jurisdiction {' and '.join(homes)}, which is not among those chosen "
        f"({', '.join(order.jurisdictions)}). Add that jurisdiction, or name another topic: {SEE_TOPICS}"
    )
