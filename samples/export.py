"""Samples as files: JSON lines, CSV, or the chat format of fine-tuning. UTF-8, fields always in the same order."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from samples.models import Sample
from samples.querysets import SampleQuerySet

CHUNK = 500
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
    "model_answered",
    "batch_id",
    "item_number",
    "tokens",
    "review",
    "review_note",
)
COLUMNS = (*FIELDS, "reviewed_by", "reviewed_at", "created_at", "as_at", "score", "findings")
# What a spreadsheet would take for a formula, and run.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Writable(Protocol):
    def write(self, text: str, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Format:
    """``lines`` gives the file's text piece by piece."""

    name: str
    ending: str
    content_type: str
    lines: Callable[[Iterable[Sample]], Iterator[str]]


def to_row(sample: Sample) -> dict[str, Any]:
    row = {name: getattr(sample, name) for name in FIELDS}
    row["reviewed_by"] = sample.reviewed_by.get_username() if sample.reviewed_by else None
    row["reviewed_at"] = sample.reviewed_at.isoformat() if sample.reviewed_at else None
    row["created_at"] = sample.created_at.isoformat()
    row["as_at"] = sample.as_at.isoformat() if sample.as_at else None
    row["score"] = sample.score
    row["findings"] = sample.held
    return row


def as_json_lines(samples: Iterable[Sample]) -> Iterator[str]:
    return (json.dumps(to_row(sample), ensure_ascii=False) + "\n" for sample in samples)


def as_chat_lines(samples: Iterable[Sample]) -> Iterator[str]:
    """One conversation a line: the question, and the answer."""
    for sample in samples:
        messages = [
            {"role": "user", "content": sample.question},
            {"role": "assistant", "content": sample.answer},
        ]
        yield json.dumps({"messages": messages}, ensure_ascii=False) + "\n"


def as_csv(samples: Iterable[Sample]) -> Iterator[str]:
    """With a header; of findings the rules. A text that a spreadsheet would run as a formula gets an apostrophe."""
    yield _csv_line(COLUMNS)
    for sample in samples:
        row = {**to_row(sample), "findings": "; ".join(dict.fromkeys(found["rule"] for found in sample.held))}
        yield _csv_line(_defused(value) for value in row.values())


def _csv_line(cells: Iterable[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _defused(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


FORMATS = {
    "jsonl": Format("JSON lines", "jsonl", "application/x-ndjson; charset=utf-8", as_json_lines),
    "csv": Format("CSV", "csv", "text/csv; charset=utf-8", as_csv),
    "chat": Format(
        "Chat format for fine-tuning (JSON lines)", "chat.jsonl", "application/x-ndjson; charset=utf-8", as_chat_lines
    ),
}


def read(samples: SampleQuerySet[Sample]) -> Iterator[Sample]:
    """Piece by piece, so that memory holds keys and the texts of some samples.

    Which ones is asked at once; each piece is a query of its own, that any thread and any connection of a pooler may
    make.
    """
    return _in_pieces(list(samples.values_list("pk", flat=True)))


def stream(samples: SampleQuerySet[Sample], file_format: Format) -> Iterator[str]:
    return file_format.lines(read(samples))


def _in_pieces(pks: Sequence[int]) -> Iterator[Sample]:
    for start in range(0, len(pks), CHUNK):
        piece = pks[start : start + CHUNK]
        found = Sample.objects.select_related("reviewed_by").in_bulk(piece)
        yield from (found[pk] for pk in piece if pk in found)


def write(samples: Iterable[Sample], file: Writable, file_format: Format = FORMATS["jsonl"]) -> int:
    """Returns how many samples were written."""
    count = 0

    def counted() -> Iterator[Sample]:
        nonlocal count
        for sample in samples:
            count += 1
            yield sample

    for line in file_format.lines(counted()):
        file.write(line)
    return count
