"""What kinds of samples there are, as people have set it: one frozen value, read from the tables and kept while nobody
changes them.

Where the tables are empty, as after a flush, it is the taxonomy that comes with the project.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from samples.models import Difficulty, Edition, Jurisdiction, SampleType, TaxonomyMark, Term, Topic
from samples.taxonomy import Taxonomy, taxonomy
from samples.taxonomy.in_use import Off, in_use
from samples.taxonomy.plain import read_plain

EDITIONS_KEPT = 64


@dataclass(frozen=True, slots=True)
class Taxonomies:
    """``everything`` holds what is switched off too, ``in_use`` what can be ordered."""

    everything: Taxonomy
    in_use: Taxonomy


def current() -> Taxonomy:
    """What can be ordered now. One small query, and five more after a change."""
    return _newest().in_use


def everything() -> Taxonomy:
    """What is switched off too: for names of samples, and filters. One small query, and five more after a change."""
    return _newest().everything


def edition(key: str | None) -> Taxonomy:
    """What a batch was ordered by. One query for each key that this process has not seen; none for a batch from the
    time before there were editions, whose taxonomy is the one that comes with the project."""
    return taxonomy() if key is None else _edition(key)


def load() -> Taxonomies:
    """Four queries."""
    tables: Mapping[str, type[Term]] = {
        "jurisdictions": Jurisdiction,
        "difficulties": Difficulty,
        "sample_types": SampleType,
        "topics": Topic,
    }
    rows: dict[str, Sequence[Term]] = {name: list(_rows(table)) for name, table in tables.items()}
    if not any(rows.values()):
        return Taxonomies(taxonomy(), taxonomy())
    known = replace(taxonomy(), **{name: tuple(row.value for row in listed) for name, listed in rows.items()})
    off = Off(**{name: frozenset(row.word for row in listed if not row.enabled) for name, listed in rows.items()})
    return Taxonomies(known, in_use(known, off))


def _rows(table: Any) -> Any:
    return table.objects.all()


def _newest() -> Taxonomies:
    return _loaded(_mark())


@lru_cache(maxsize=1)
def _loaded(mark: UUID | None) -> Taxonomies:
    """Read anew where something changed between the first table and the last."""
    known, now = load(), _mark()
    return known if now == mark else _loaded(now)


def _mark() -> UUID | None:
    return TaxonomyMark.objects.values_list("mark", flat=True).first()


@lru_cache(maxsize=EDITIONS_KEPT)
def _edition(key: str) -> Taxonomy:
    """Its content never changes, so that whoever has it needs no second look."""
    return read_plain(Taxonomy, Edition.objects.values_list("content", flat=True).get(pk=key))
