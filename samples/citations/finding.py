"""Every citation in a text, as structured data."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from samples.citations import names
from samples.citations.citation import Citation, Kind
from samples.citations.forms import acts, eu, international, named, reports, us_statutes
from samples.citations.text import plain

FORMS = (reports.find, acts.find, us_statutes.find, eu.find, international.find, named.find)
_BETWEEN = re.compile(r"(?:[ ,;(]|and|also reported at|EU:|ECLI:){0,4}$")
WORDS_MAX = 12
"""Of a name without parties, such as "Re B (Children) (Care Proceedings: Standard of Proof)"."""
_AROUND_NAME = " \t,(\"'*_"


REMEMBERED = 1024
"""Texts whose citations are kept: a sample's are asked for by the rules, and again when its group is saved."""


@lru_cache(maxsize=REMEMBERED)
def citations_in(text: str) -> tuple[Citation, ...]:
    """In the order in which they stand, without overlaps. Kept for the last texts: rules and pages ask again."""
    words = plain(text)
    found = _apart(citation for find in FORMS for citation in find(words))
    return tuple(replace(citation, raw=text[citation.start : citation.end]) for citation in _named(words, found))


def _apart(found: Iterable[Citation]) -> list[Citation]:
    """Of those that overlap the one that begins first, then the longest."""
    kept: list[Citation] = []
    for citation in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or citation.start >= kept[-1].end:
            kept.append(citation)
    return kept


def _named(text: str, found: list[Citation]) -> Iterator[Citation]:
    """Cases with the name before them; another report of the same case is parallel, and has its name."""
    last: Citation | None = None
    for place, citation in enumerate(_joined(text, found)):
        current = citation
        if citation.kind.is_case:
            between = text[last.end : citation.start] if last else "-"
            if last and last.kind.is_case and citation.parties in ("", last.parties) and _BETWEEN.fullmatch(between):
                current = replace(citation, parties=last.parties or citation.parties, is_parallel=True)
            else:
                current = _with_name(text, citation, found[place - 1].end if place else 0)
            if current.kind is Kind.US_CASE and current.year is None:
                year, court = _year_behind(text, found[place:])
                current = replace(current, year=year, court=court)
        last = current
        yield current


def _joined(text: str, found: list[Citation]) -> list[Citation]:
    """Joined cases of the Union: the name behind the last number is that of all."""
    joined = list(found)
    for place in range(len(found) - 2, -1, -1):
        current, following = joined[place : place + 2]
        is_chain = current.kind is following.kind is Kind.EU_CASE and not current.parties
        if is_chain and _BETWEEN.fullmatch(text[current.end : following.start]):
            joined[place] = replace(current, parties=following.parties)
    return joined


def _with_name(text: str, citation: Citation, floor: int) -> Citation:
    end = citation.start
    while end > floor and text[end - 1] in _AROUND_NAME:
        end -= 1
    start = names.before(text, end, floor=floor)
    name = text[start:end].strip(_AROUND_NAME)
    if citation.parties or not name or (" v" not in f" {name}" and len(name.split()) > WORDS_MAX):
        return citation
    return replace(citation, start=text.index(name, start), parties=name)


def _year_behind(text: str, chain: list[Citation]) -> tuple[int | None, str]:
    """Year and court that stand once, behind the last of several reports of one case."""
    for before, after in pairwise(chain):
        if after.kind is not Kind.US_CASE or text[before.end : after.start] != ", ":
            break
        if after.year is not None:
            return after.year, after.court
    return None, chain[0].court
