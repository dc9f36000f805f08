"""Taking over lists of authorities that exist, in groups, so that memory holds one group whatever the file's size."""

import bz2
import csv
import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, TypeVar, cast

from django.db import connection

from samples.citations.finding import citations_in
from samples.citations.forms.reports import us_key
from samples.models import Authority
from samples.models.citation import KEY_MAX, TEXT_MAX

CHUNK = 5_000
LONGEST_CELL = 16 * 1024 * 1024
REPORTER = ("volume", "reporter", "page")

NAME = """
UPDATE authorities SET name = named.name
FROM unnest(%s::text[], %s::text[]) AS named (reference, name)
WHERE authorities.reference = named.reference AND authorities.name <> named.name
"""


class UnreadableListError(Exception):
    """The file is no list of authorities at all; says why, and what one looks like."""


@dataclass(frozen=True, slots=True)
class DirtyRow:
    """A row that was left out: the line that it ends on, and why."""

    line: int
    why: str


@dataclass(slots=True)
class Tally:
    read: int = 0
    added: int = 0
    named: int = 0


T = TypeVar("T")
Told = Callable[[DirtyRow], None]
Row = Mapping[str, str]


def import_authorities(path: Path, *, tell: Told, names: Path | None = None) -> Tally:
    """Add what the list has and the table has not; twice is as once. ``tell`` hears of each row that was left out.

    A list is CSV with a header or JSON lines, also packed by bzip2 or gzip: ``citation`` and ``name``, or ``volume``,
    ``reporter``, ``page`` and ``cluster_id`` as CourtListener has them; ``names`` is then its list of clusters, with
    ``id`` and ``case_name``. Raises UnreadableListError, and OSError where the file cannot be read.
    """
    tally = Tally()
    for group in _groups(_authorities(path, tell, tally)):
        tally.added += _add(group)
    if names is not None:
        for named in _groups(_case_names(names, tell)):
            tally.named += _name(dict(named))
    return tally


def _groups(items: Iterator[T]) -> Iterator[list[T]]:
    while group := list(islice(items, CHUNK)):
        yield group


def _add(group: list[Authority]) -> int:
    """How many were new."""
    rows = [(row.key, row.reference, row.name) for row in {(row.key, row.reference): row for row in group}.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO authorities (key, reference, name) SELECT * FROM unnest(%s::text[], %s::text[], %s::text[])"
            " ON CONFLICT (key, reference) DO NOTHING",
            [list(column) for column in zip(*rows, strict=True)],
        )
        return int(cursor.rowcount)


def _name(names: Mapping[str, str]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(NAME, [list(names), list(names.values())])
        return int(cursor.rowcount)


def _authorities(path: Path, tell: Told, tally: Tally) -> Iterator[Authority]:
    for line, row in _rows(path, tell, (REPORTER, ("citation",))):
        tally.read += 1
        try:
            yield _authority(row)
        except ValueError as problem:
            tell(DirtyRow(line, str(problem)))


def _authority(row: Row) -> Authority:
    """Raises ValueError, which says what is wrong with the row."""
    name = row.get("name", "")[:TEXT_MAX]
    key = _reporter_key(row) if all(column in row for column in REPORTER) else _citation_key(row)
    cluster = row.get("cluster_id", "")
    reference = f"courtlistener:{cluster}" if cluster else name.lower()
    return Authority(key=key[:KEY_MAX], reference=reference[:TEXT_MAX], name=name)


def _reporter_key(row: Row) -> str:
    empty = [column for column in REPORTER if not row[column]]
    if empty:
        raise ValueError(f"{' and '.join(empty)} {'is' if len(empty) == 1 else 'are'} empty")
    return us_key(*(row[column] for column in REPORTER))


def _citation_key(row: Row) -> str:
    citation = row.get("citation", "")
    found = citations_in(citation)
    if not found:
        raise ValueError(f"'{citation[:100]}' cannot be read as a citation" if citation else "citation is empty")
    return found[0].key


def _case_names(path: Path, tell: Told) -> Iterator[tuple[str, str]]:
    for line, row in _rows(path, tell, (("id", "case_name"),)):
        name = row["case_name"] or row.get("case_name_full", "") or row.get("case_name_short", "")
        if not row["id"] or not name:
            tell(DirtyRow(line, "id or case_name is empty"))
            continue
        yield f"courtlistener:{row['id']}", name[:TEXT_MAX]


def _rows(path: Path, tell: Told, wanted: Iterable[tuple[str, ...]]) -> Iterator[tuple[int, Row]]:
    """Rows with the line that each ends on. They need all columns of one of ``wanted``."""
    with _opened(path) as file:
        first = file.readline()
        is_json = first.lstrip().startswith("{")
        lines = (line.replace("\0", "") for line in _from(first, file))
        yield from _json_rows(lines, tell) if is_json else _csv_rows(lines, tell, list(wanted), path)


def _from(first: str, file: Iterable[str]) -> Iterator[str]:
    yield first
    yield from file


def _unpacked(path: Path) -> IO[bytes]:
    if path.suffix == ".bz2":
        return bz2.BZ2File(path)
    return cast("IO[bytes]", gzip.GzipFile(path)) if path.suffix == ".gz" else path.open("rb")


@contextmanager
def _opened(path: Path) -> Iterator[io.TextIOWrapper]:
    with _unpacked(path) as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="") as file:
        yield file


def _json_rows(lines: Iterator[str], tell: Told) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            tell(DirtyRow(number, "it is no JSON"))
            continue
        if isinstance(row, dict):
            yield number, {str(name): "" if value is None else str(value).strip() for name, value in row.items()}
        else:
            tell(DirtyRow(number, "it is no JSON object"))


def _csv_rows(lines: Iterator[str], tell: Told, wanted: list[tuple[str, ...]], path: Path) -> Iterator[tuple[int, Row]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(lines, escapechar="\\")
    header = [name.strip() for name in next(reader, [])]
    if not any(set(columns) <= set(header) for columns in wanted):
        expected = " or ".join(", ".join(columns) for columns in wanted)
        raise UnreadableListError(f"{path}: its first line must name the columns {expected}, or each be a JSON object.")
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            tell(DirtyRow(reader.line_num, str(problem)))
            continue
        if len(cells) == len(header):
            yield reader.line_num, dict(zip(header, map(str.strip, cells), strict=True))
        elif cells:
            tell(DirtyRow(reader.line_num, f"it has {len(cells)} columns, the first line {len(header)}"))
