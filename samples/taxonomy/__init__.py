"""The domain's vocabulary as it comes with the project, from taxonomy.json. Pure."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from samples.taxonomy.values import Difficulty, Jurisdiction, LocalName, SampleType, Taxonomy, Topic

__all__ = ["Difficulty", "Jurisdiction", "LocalName", "SampleType", "Taxonomy", "Topic", "taxonomy"]


@cache
def taxonomy() -> Taxonomy:
    data = json.loads(Path(__file__).with_name("taxonomy.json").read_text(encoding="utf-8"))
    return Taxonomy(
        jurisdictions=tuple(Jurisdiction(**_frozen(entry)) for entry in data["jurisdictions"]),
        difficulties=tuple(Difficulty(**_frozen(entry)) for entry in data["difficulties"]),
        sample_types=tuple(SampleType(**_frozen(entry)) for entry in data["sample_types"]),
        scenario_patterns=tuple(data["scenario_patterns"]),
        topics=tuple(_topic(entry) for entry in data["topics"]),
    )


def _topic(entry: dict[str, Any]) -> Topic:
    """``local_names`` stands in the file as an object: jurisdiction to name."""
    names = tuple(LocalName(jurisdiction, name) for jurisdiction, name in entry.get("local_names", {}).items())
    return Topic(**{**_frozen(entry), "local_names": names})


def _frozen(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
