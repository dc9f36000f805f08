"""An order's words, held against the taxonomy: what they mean, and what to say where they mean nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from samples.taxonomy import Taxonomy, Topic

ALIASES = {"foundational": "basic"}
SEE_TOPICS = "GET /api/topics lists them."
SEE_SAMPLE_TYPES = "GET /api/sample-types lists them."
QUOTED_MAX = 60


@dataclass(frozen=True, slots=True)
class Order:
    """What to make; an empty field means all of the taxonomy, and for difficulties each topic's usual one."""

    count: int
    jurisdictions: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    difficulties: tuple[str, ...] = ()
    sample_types: tuple[str, ...] = ()
    seed: int = 0


def check_order(order: Order, known: Taxonomy) -> dict[str, str]:
    """Field -> what is wrong with it and the remedy; empty where the order can be planned."""
    messages = {
        "jurisdictions": _unknown("jurisdiction", order.jurisdictions, [entry.id for entry in known.jurisdictions]),
        "difficulties": _unknown(
            "difficulty", order.difficulties, [entry.id for entry in known.difficulties], aliases=ALIASES
        ),
        "sample_types": _unknown(
            "sample type", order.sample_types, [entry.id for entry in known.sample_types], see=SEE_SAMPLE_TYPES
        ),
        "topics": _unknown("topic", order.topics, [topic.name for topic in known.topics], see=SEE_TOPICS),
    }
    if not messages["topics"] and not messages["jurisdictions"]:
        messages["topics"] = _outside(order, known)
    return {field: message for field, message in messages.items() if message}


def find_topics(order: Order, known: Taxonomy) -> tuple[Topic, ...]:
    """The topics named, of the jurisdictions named; all where none is named."""
    places, names = _folded(order.jurisdictions), _folded(order.topics)
    return tuple(
        topic
        for topic in known.topics
        if (not places or topic.jurisdiction in places) and (not names or topic.name.casefold() in names)
    )


def find_difficulties(order: Order, known: Taxonomy) -> tuple[str, ...]:
    """The difficulties named; empty where none is: then each topic has its usual one."""
    named = {ALIASES.get(word, word) for word in _folded(order.difficulties)}
    return tuple(entry.id for entry in known.difficulties if entry.id in named)


def find_sample_types(order: Order, known: Taxonomy) -> tuple[str, ...]:
    """The sample types named; all where none is."""
    named = _folded(order.sample_types)
    return tuple(entry.id for entry in known.sample_types if not named or entry.id in named)


def _folded(words: Iterable[str]) -> set[str]:
    return {_fold(word) for word in words}


def _fold(word: str) -> str:
    return " ".join(word.split()).casefold()


def _unknown(
    noun: str, words: Sequence[str], known: Sequence[str], *, see: str = "", aliases: Iterable[str] = ()
) -> str:
    """What to say of the first word that is not known; empty where all are."""
    meant = {_fold(name): name for name in (*known, *aliases)}
    strange = next((word for word in words if _fold(word) not in meant), None)
    if strange is None:
        return ""
    close = get_close_matches(_fold(strange)[:QUOTED_MAX], meant, n=1, cutoff=0.5)
    hint = f" Did you mean '{meant[close[0]]}'?" if close else ""
    remedy = see or f"Choose from: {', '.join(known)}."
    return f"There is no {noun} '{strange[:QUOTED_MAX]}'.{hint} {remedy}"


def _outside(order: Order, known: Taxonomy) -> str:
    """What to say of the first topic that none of the chosen jurisdictions has."""
    kept = {topic.name.casefold() for topic in find_topics(order, known)}
    strange = next((word for word in order.topics if _fold(word) not in kept), None)
    if strange is None:
        return ""
    homes = [topic.jurisdiction for topic in known.topics if topic.name.casefold() == _fold(strange)]
    return (
        f"The topic '{strange}' belongs to jurisdiction {' and '.join(homes)}, which is not among those chosen "
        f"({', '.join(order.jurisdictions)}). Add that jurisdiction, or name another topic: {SEE_TOPICS}"
    )
