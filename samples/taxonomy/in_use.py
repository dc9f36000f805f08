"""What of a taxonomy can be ordered when some of it is switched off. Pure."""

from dataclasses import dataclass, replace

from samples.taxonomy.values import Difficulty, Taxonomy, Topic


@dataclass(frozen=True, slots=True)
class Off:
    """What is switched off, by id; topics by name."""

    jurisdictions: frozenset[str] = frozenset()
    difficulties: frozenset[str] = frozenset()
    sample_types: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()


def in_use(everything: Taxonomy, off: Off) -> Taxonomy:
    """Without what is off, and without what is left with nothing: a part goes with its whole, a whole with its last
    part, a topic with its jurisdiction.

    A topic whose usual difficulty is off takes the nearest one that is on, of two the easier.
    """
    jurisdictions = tuple(
        entry for entry in everything.jurisdictions if _is_open(everything, off.jurisdictions, entry.id)
    )
    difficulties = tuple(entry for entry in everything.difficulties if entry.id not in off.difficulties)
    left = replace(
        everything,
        jurisdictions=jurisdictions,
        difficulties=difficulties,
        sample_types=tuple(entry for entry in everything.sample_types if entry.id not in off.sample_types),
        topics=(),
    )
    ids = {entry.id for entry in jurisdictions}
    topics = (
        replace(topic, difficulty=_nearest(everything, difficulties, topic.difficulty))
        for topic in everything.topics
        if topic.name not in off.topics and topic.jurisdiction in ids
    )
    return replace(left, topics=tuple(topic for topic in topics if _has_home(left, topic)))


def nothing_left(known: Taxonomy) -> str:
    """The kind of which nothing can be ordered; empty where something of each can."""
    kinds = {
        "jurisdiction": known.jurisdictions,
        "difficulty": known.difficulties,
        "sample type": known.sample_types,
        "topic": known.topics,
    }
    return next((kind for kind, entries in kinds.items() if not entries), "")


def _is_open(everything: Taxonomy, off: frozenset[str], id_: str) -> bool:
    jurisdiction = everything.jurisdiction(id_)
    return not off.intersection((id_, jurisdiction.part_of)) and bool(set(everything.parts(id_)) - off)


def _has_home(known: Taxonomy, topic: Topic) -> bool:
    return bool(known.homes(topic))


def _nearest(everything: Taxonomy, left: tuple[Difficulty, ...], id_: str) -> str:
    ranks = {entry.id: rank for rank, entry in enumerate(everything.difficulties)}
    return min((entry.id for entry in left), key=lambda each: (abs(ranks[each] - ranks[id_]), ranks[each]), default=id_)
