"""The values of a taxonomy: jurisdictions, topics, difficulties, sample types. Pure.

A taxonomy holds what is in use, in the order in which people see it: what is switched off is not in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

Range = tuple[int, int | None]
"""The least and the most, None for no most."""


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """``part_of`` names the jurisdiction of which it is a part, as Scotland is of the United Kingdom; empty: of none.

    What has parts is no law of its own: samples are of its parts. ``language`` is a tag such as "en-GB";
    ``citation_examples`` are real authorities as its style has them; ``terms`` is what its lawyers say.
    """

    id: str
    name: str
    legal_system: str
    courts: str
    citations: str
    citation_style: str
    citation_examples: tuple[str, ...]
    language: str = "en-GB"
    terms: str = ""
    part_of: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difficulty:
    """``words`` and ``citations`` bound an answer, unless its type has bounds of its own."""

    id: str
    name: str
    words: tuple[int, int]
    citations: Range
    reasoning_steps: tuple[int, int]
    complexity: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SampleType:
    """No ``sections`` means prose without headings; ``words`` and ``citations``, where given, replace the difficulty's.

    ``guidance`` tells a model what is particular about the type, in sentences.
    """

    id: str
    name: str
    focus: str
    sections: tuple[str, ...]
    has_reasoning_steps: bool
    words: tuple[int, int] | None = None
    citations: Range | None = None
    wants_scenario: bool = True
    wants_date: bool = False
    guidance: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LocalName:
    """What a part of a jurisdiction calls a topic: Scots law has servitudes where English law has easements."""

    jurisdiction: str
    name: str


@dataclass(frozen=True, slots=True)
class Topic:
    """``difficulty`` is the topic's usual one: a default, not a bond.

    ``only_in`` names the parts of its jurisdiction that know it; empty: all. ``sub_issues`` are what a question may
    turn on. By ``aliases`` it is found too, as by a name that it once had.
    """

    jurisdiction: str
    practice_area: str
    name: str
    difficulty: str
    aliases: tuple[str, ...] = ()
    only_in: tuple[str, ...] = ()
    local_names: tuple[LocalName, ...] = ()
    sub_issues: tuple[str, ...] = ()

    def name_in(self, jurisdiction: str) -> str:
        return next((local.name for local in self.local_names if local.jurisdiction == jurisdiction), self.name)

    @property
    def names(self) -> tuple[str, ...]:
        """All names under which samples of it may be stored."""
        return (self.name, *self.aliases)


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

    def topic(self, name: str) -> Topic | None:
        """By any of its names; None where none has it, as of a sample that was made before topics changed."""
        return next((topic for topic in self.topics if name in topic.names), None)

    def parts(self, id: str) -> tuple[str, ...]:  # noqa: A002
        """The ids of its parts; of what has none, its own."""
        return tuple(entry.id for entry in self.jurisdictions if entry.part_of == id) or (id,)

    def homes(self, topic: Topic) -> tuple[str, ...]:
        """The ids of the jurisdictions whose law can be asked for on the topic: none that has parts, or is not here."""
        here = {entry.id for entry in self.jurisdictions}
        homes = here.intersection(self.parts(topic.jurisdiction))
        return tuple(
            entry.id
            for entry in self.jurisdictions
            if entry.id in homes and (not topic.only_in or entry.id in topic.only_in)
        )

    def with_parts(self, ids: Iterable[str]) -> tuple[str, ...]:
        """The ids, and those of their parts: samples of the whole are older than its parts."""
        return tuple(dict.fromkeys(one for id_ in ids for one in (id_, *self.parts(id_))))
