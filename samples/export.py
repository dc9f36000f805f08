"""Samples as JSON lines: one object a line, UTF-8, keys always in the same order."""

import json
from collections.abc import Iterable
from typing import Protocol

from samples.models import Sample


class Writable(Protocol):
    def write(self, text: str, /) -> object: ...


FIELDS = (
    "id",
    "question",
    "answer",
    "case_citation",
    "reasoning",
    "jurisdiction",
    "practice_area",
    "topic",
    "difficulty",
    "sample_type",
    "provider",
    "model",
    "batch_id",
    "item_number",
    "tokens",
)


def to_line(sample: Sample) -> str:
    row = {name: getattr(sample, name) for name in FIELDS}
    row["created_at"] = sample.created_at.isoformat()
    return json.dumps(row, ensure_ascii=False) + "\n"


def write_jsonl(samples: Iterable[Sample], file: Writable) -> int:
    """Write one by one, so that memory does not grow with the batch; returns how many."""
    count = 0
    for sample in samples:
        file.write(to_line(sample))
        count += 1
    return count
