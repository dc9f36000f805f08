"""What the words of a taxonomy are called, and what people may call them. Fields are those of samples. Pure."""

from collections.abc import Mapping

from samples.taxonomy.values import Taxonomy

Names = Mapping[str, Mapping[str, str]]
"""By field, the words with their names, in the taxonomy's order."""


def names_in(known: Taxonomy) -> Names:
    return {
        "jurisdiction": {entry.id: entry.name for entry in known.jurisdictions},
        "difficulty": {entry.id: entry.name for entry in known.difficulties},
        "sample_type": {entry.id: entry.name for entry in known.sample_types},
        "topic": {topic.name: topic.name for topic in known.topics},
    }


def words_meant(known: Taxonomy, field: str, name: str) -> tuple[str, ...]:
    """The words of samples that who filters by ``name`` means: of a jurisdiction also those of its parts. A word comes
    before an alias. What nothing is called is itself."""
    called = _called(known)[field]
    word = name if name in called else next((word for word, names in called.items() if _fold(name) in names), name)
    if field == "jurisdiction" and word in called:
        return known.with_parts([word])
    topic = known.topic(word) if field == "topic" else None
    return topic.names if topic else (word,)


def _called(known: Taxonomy) -> Mapping[str, Mapping[str, frozenset[str]]]:
    """By field and word, the word and its aliases, folded."""
    return {
        "jurisdiction": {entry.id: _folded(entry.id, *entry.aliases) for entry in known.jurisdictions},
        "difficulty": {entry.id: _folded(entry.id, *entry.aliases) for entry in known.difficulties},
        "sample_type": {entry.id: _folded(entry.id, *entry.aliases) for entry in known.sample_types},
        "topic": {topic.name: _folded(*topic.names) for topic in known.topics},
    }


def _folded(*names: str) -> frozenset[str]:
    return frozenset(map(_fold, names))


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()
