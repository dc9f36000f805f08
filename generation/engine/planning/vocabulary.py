"""The words in which people order, held against the taxonomy: what each means, and what to say of one that is none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from samples.taxonomy import Taxonomy

SEE_TOPICS = "GET /api/topics lists them."
SEE_SAMPLE_TYPES = "GET /api/sample-types lists them."
QUOTED_MAX = 60


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one axis of the mix: ``meant`` holds by each folded word the id that it stands for."""

    noun: str
    meant: Mapping[str, str]
    remedy: str

    def ids(self, words: Iterable[str]) -> set[str]:
        """What the words mean, leaving out those that mean nothing."""
        return {self.meant[fold(word)] for word in words if fold(word) in self.meant}

    def unknown(self, words: Iterable[str]) -> str:
        """What to say of the first word that is not known; empty where all are."""
        strange = next((word for word in words if fold(word) not in self.meant), None)
        if strange is None:
            return ""
        close = get_close_matches(fold(strange)[:QUOTED_MAX], self.meant, n=1, cutoff=0.5)
        hint = f" Did you mean '{self.meant[close[0]]}'?" if close else ""
        return f"There is no {self.noun} '{strange[:QUOTED_MAX]}'.{hint} {self.remedy}"


def vocabularies(known: Taxonomy) -> Mapping[str, Vocabulary]:
    """By the field of an order."""
    jurisdictions = [(entry.id, (entry.name, *entry.aliases)) for entry in known.jurisdictions]
    difficulties = [(entry.id, (entry.name, *entry.aliases)) for entry in known.difficulties]
    types = [(entry.id, (entry.name, *entry.aliases)) for entry in known.sample_types]
    topics = [(topic.name, (*topic.aliases, *(local.name for local in topic.local_names))) for topic in known.topics]
    return {
        "jurisdictions": Vocabulary("jurisdiction", _meant(jurisdictions), _choose_from(jurisdictions)),
        "difficulties": Vocabulary("difficulty", _meant(difficulties), _choose_from(difficulties)),
        "sample_types": Vocabulary("sample type", _meant(types), SEE_SAMPLE_TYPES),
        "topics": Vocabulary("topic", _meant(topics), SEE_TOPICS),
    }


def fold(word: str) -> str:
    return " ".join(word.split()).casefold()


Named = list[tuple[str, tuple[str, ...]]]
"""Ids, each with its other names."""


def _meant(named: Named) -> dict[str, str]:
    """A word that is one entry's id and another's name means the first."""
    others = {fold(name): id_ for id_, names in reversed(named) for name in names}
    return others | {fold(id_): id_ for id_, _ in named}


def _choose_from(named: Named) -> str:
    return f"Choose from: {', '.join(id_ for id_, _ in named)}."
