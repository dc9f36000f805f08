"""The domain's vocabulary as it comes with the project, from taxonomy.json. Pure."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from samples.taxonomy.values import Difficulty, Jurisdiction, SampleType, Taxonomy, Topic

__all__ = ["Difficulty", "Jurisdiction", "SampleType", "Taxonomy", "Topic", "taxonomy"]


@cache
def taxonomy() -> Taxonomy:
    data = json.loads(Path(__file__).with_name("taxonomy.json").read_text(encoding="utf-8"))
    return Taxonomy(
        jurisdictions=tuple(Jurisdiction(**entry) for entry in data["jurisdictions"]),
        difficulties=tuple(_difficulty(entry) for entry in data["difficulties"]),
        sample_types=tuple(_sample_type(entry) for entry in data["sample_types"]),
        scenario_patterns=tuple(data["scenario_patterns"]),
        topics=tuple(
            Topic(entry["jurisdiction"], entry["practice_area"], entry["topic"], entry["difficulty"])
            for entry in data["topics"]
        ),
    )


def _difficulty(entry: dict[str, Any]) -> Difficulty:
    low, high = entry["reasoning_steps"]
    return Difficulty(entry["id"], entry["min_words"], entry["min_citations"], (low, high), entry["complexity"])


def _sample_type(entry: dict[str, Any]) -> SampleType:
    words = entry.get("answer_words")
    return SampleType(
        entry["id"],
        entry["name"],
        entry["focus"],
        tuple(entry["sections"]),
        entry["reasoning_steps"],
        (words[0], words[1]) if words else None,
    )
