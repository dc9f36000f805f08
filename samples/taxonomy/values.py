"""The values of a taxonomy: jurisdictions, topics, difficulties, sample types. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    id: str
    name: str
    legal_system: str
    citations: str


@dataclass(frozen=True, slots=True)
class Difficulty:
    """``min_words`` and ``min_citations`` bound an answer, ``reasoning_steps`` is a range."""

    id: str
    min_words: int
    min_citations: int
    reasoning_steps: tuple[int, int]
    complexity: str


@dataclass(frozen=True, slots=True)
class SampleType:
    """No ``sections`` means free prose; ``answer_words``, where given, replaces the difficulty's minimum."""

    id: str
    name: str
    focus: str
    sections: tuple[str, ...]
    has_reasoning_steps: bool
    answer_words: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Topic:
    """``difficulty`` is the topic's usual one: a default, not a bond."""

    jurisdiction: str
    practice_area: str
    name: str
    difficulty: str


@dataclass(frozen=True, slots=True)
class Taxonomy:
    jurisdictions: tuple[Jurisdiction, ...]
    difficulties: tuple[Difficulty, ...]
    sample_types: tuple[SampleType, ...]
    scenario_patterns: tuple[str, ...]
    topics: tuple[Topic, ...]

    def jurisdiction(self, id: str) -> Jurisdiction:  # noqa: A002 - the field's own name
        return next(entry for entry in self.jurisdictions if entry.id == id)

    def difficulty(self, id: str) -> Difficulty:  # noqa: A002
        return next(entry for entry in self.difficulties if entry.id == id)

    def sample_type(self, id: str) -> SampleType:  # noqa: A002
        return next(entry for entry in self.sample_types if entry.id == id)
