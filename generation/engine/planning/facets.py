"""What makes one case unlike the others of its kind: drawn from lists by the batch's seed and the item's number."""

import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from generation.engine.planning.plan import ItemSpec
from samples.taxonomy import Taxonomy

LISTS = Path(__file__).parent.parent.parent / "prompts" / "facets.toml"
GENERAL = "general"


@dataclass(frozen=True, slots=True)
class Case:
    """Who is concerned, how far it has come, and who asks: of an example with a scenario."""

    parties: str
    stage: str
    perspective: str


@dataclass(frozen=True, slots=True)
class Angle:
    """What is looked at, and for whom: of an example without a scenario."""

    angle: str
    reader: str


@dataclass(frozen=True, slots=True)
class Facets:
    """``point`` is empty where the topic has no sub-issues. ``names`` and ``town`` are for what needs any."""

    point: str
    about: Case | Angle
    manner: str
    names: tuple[str, str]
    town: str


def facets_of(spec: ItemSpec, known: Taxonomy) -> Facets:
    """The same ones for the same seed, number, draw and topic."""
    rng = random.Random(f"{spec.seed}:{spec.number}:{spec.draw}:{spec.topic}")  # noqa: S311 - variety, not secrecy
    topic = known.topic(spec.topic)
    has_case = has_scenario(spec, known)
    lists = _lists()
    first, second = rng.sample(lists["names"], 2)
    return Facets(
        point=rng.choice(topic.sub_issues) if topic and topic.sub_issues else "",
        about=_case(spec, rng) if has_case else Angle(rng.choice(lists["angles"]), rng.choice(lists["readers"])),
        manner=rng.choice(lists["manners"]["case" if has_case else "angle"]),
        names=(first, second),
        town=rng.choice(_of(lists["towns"], spec.jurisdiction)),
    )


def has_scenario(spec: ItemSpec, known: Taxonomy) -> bool:
    return bool(spec.scenario) and known.sample_type(spec.sample_type).wants_scenario


def _case(spec: ItemSpec, rng: random.Random) -> Case:
    lists = _lists()
    family = lists["families"].get(spec.practice_area, GENERAL)
    return Case(
        parties=rng.choice(_of(lists["parties"], family)),
        stage=rng.choice(_of(lists["stages"], family)[spec.scenario]),
        perspective=rng.choice(lists["perspectives"]),
    )


def _of(lists: Mapping[str, Any], name: str) -> Any:
    return lists.get(name) or lists[GENERAL]


@cache
def _lists() -> Mapping[str, Any]:
    return tomllib.loads(LISTS.read_text(encoding="utf-8"))
