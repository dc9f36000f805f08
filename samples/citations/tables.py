"""What is known of courts, series and reporters: the files in ``facts/``, each with its sources in its head."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from samples.citations.text import abbreviation

FACTS = Path(__file__).with_name("facts")


@dataclass(frozen=True, slots=True)
class Court:
    """``most`` is the highest plausible number in a year. Numbers since ``renumbered_from`` may be BAILII's own."""

    code: str
    name: str
    first: int
    last: int | None
    most: int
    system: str
    renumbered_from: int | None


@dataclass(frozen=True, slots=True)
class Series:
    """``styles``: with the year in square or round brackets, bare, or free of a year."""

    name: str
    years: tuple[tuple[int, int | None], ...]
    styles: frozenset[str]
    system: str


@dataclass(frozen=True, slots=True)
class Reporter:
    name: str
    first: int
    last: int | None


@dataclass(frozen=True, slots=True)
class Volumes:
    """``years`` are pairs of a volume and the year that it reports, in order."""

    highest_page: int
    years: tuple[tuple[int, int], ...]


def rows(name: str) -> Iterator[list[str]]:
    """The rows of a file of facts, without its head."""
    lines = (FACTS / name).read_text(encoding="utf-8").splitlines()
    return csv.reader(line for line in lines if line and not line.startswith("#"))


def _year(cell: str) -> int | None:
    return int(cell) if cell else None


@cache
def uk_courts() -> dict[str, Court]:
    return {
        abbreviation(code): Court(code, name, int(first), _year(last), int(most), system, _year(renumbered))
        for code, name, first, last, most, system, renumbered in rows("uk_courts.csv")
    }


@cache
def uk_divisions() -> dict[tuple[str, str], tuple[int, int | None]]:
    return {(court, code.lower()): (int(first), _year(last)) for court, code, first, last in rows("uk_divisions.csv")}


@cache
def foreign_courts() -> dict[str, int]:
    return {code: int(first) for code, first in rows("foreign_courts.csv")}


@cache
def series() -> dict[str, Series]:
    found: dict[str, Series] = {}
    for name, years, styles, system, others in rows("uk_series.csv"):
        entry = Series(name, tuple(map(_span, years.split())), frozenset(styles.split("+")), system)
        for known in (name, *others.split(";")):
            if known:
                found.setdefault(abbreviation(known), entry)
    return found


def _span(cell: str) -> tuple[int, int | None]:
    first, _, last = cell.partition("-")
    return int(first), _year(last)


@cache
def us_reporters() -> dict[str, Reporter]:
    found: dict[str, Reporter] = {}
    listed = [
        (Reporter(name, int(first), _year(last)), others) for name, first, last, others in rows("us_reporters.csv")
    ]
    for entry, _ in listed:
        found.setdefault(abbreviation(entry.name), entry)
    for entry, others in listed:
        for other in others.split(";"):
            found.setdefault(abbreviation(other), entry)
    return found


@cache
def us_volumes() -> dict[str, Volumes]:
    return {
        name: Volumes(int(page), tuple((int(a), int(b)) for a, b in (pair.split("=") for pair in pairs.split())))
        for name, page, pairs in rows("us_volumes.csv")
    }


@cache
def us_circuits() -> dict[str, int]:
    return {name: int(first) for name, first in rows("us_courts.csv")}


@dataclass(frozen=True, slots=True)
class NamedAct:
    """A treaty or an act of the Union that is cited by name; ``articles`` is its highest article, where it is told."""

    kind: str
    key: str
    name: str
    year: int
    articles: int | None


@cache
def named_acts() -> dict[str, NamedAct]:
    """By each of their names."""
    lines = (FACTS / "treaties.csv").read_text(encoding="utf-8").splitlines()
    found: dict[str, NamedAct] = {}
    for line in lines:
        if line and not line.startswith("#"):
            kind, key, year, articles, names = line.split(",", 4)
            listed = names.split("|")
            found |= dict.fromkeys(listed, NamedAct(kind, key, listed[0], int(year), _year(articles)))
    return found


@cache
def named_by_key() -> dict[str, NamedAct]:
    return {entry.key.lower(): entry for entry in named_acts().values()}


@cache
def inventions() -> dict[str, tuple[tuple[str, str], ...]]:
    """By key: parties, and the decision that says that a model invented it."""
    lines = (FACTS / "inventions.csv").read_text(encoding="utf-8").splitlines()
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for line in lines:
        if not line.startswith("#"):
            key, parties, told_by = line.split("|")
            found[key] = (*found.get(key, ()), (parties, told_by))
    return found


@cache
def act_years() -> dict[str, tuple[int, ...]]:
    lines = (FACTS / "act_years.csv").read_text(encoding="utf-8").splitlines()
    cut = (line.rpartition(",") for line in lines if not line.startswith("#"))
    return {title: tuple(map(int, years.split())) for title, _, years in cut}


@cache
def name_words() -> dict[str, str]:
    """What stands for a word in the name of a case when names are compared; nothing for words that tell nothing."""
    lines = (FACTS / "name_words.csv").read_text(encoding="utf-8").splitlines()
    cut = (line.partition("|") for line in lines if not line.startswith("#"))
    return {word: form for form, _, words in cut for word in words.split()}


@cache
def words(purpose: str) -> frozenset[str]:
    """Words around names, lower-case, by what they are for."""
    lines = (FACTS / "words.txt").read_text(encoding="utf-8").splitlines()
    return next(frozenset(line.partition(": ")[2].split()) for line in lines if line.startswith(f"{purpose}: "))
