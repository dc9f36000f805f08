"""A text in pieces for pages: its citations, and what is stressed."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from samples.citations.finding import citations_in

SHORTEST_NAME = 8
NAMES_MAX = 50


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text, whether it is a citation, and whether it is stressed."""

    text: str
    is_citation: bool = False
    is_stressed: bool = False


def spans(text: str, authorities: str = "") -> list[Span]:
    """The text in pieces that add up to it. ``authorities``, separated by semicolons, count wherever they stand."""
    pieces: list[Span] = []
    end = 0
    for start, stop in _merged(sorted([*_by_form(text), *_by_name(text, authorities)])):
        if start > end:
            pieces.append(Span(text[end:start]))
        pieces.append(Span(text[start:stop], is_citation=True))
        end = stop
    if end < len(text):
        pieces.append(Span(text[end:]))
    return pieces


def stress(pieces: Sequence[Span], places: Sequence[tuple[int, int]]) -> list[Span]:
    """The same text in pieces that are cut where stress begins and ends. ``places`` are in order, and apart."""
    edges = sorted({edge for place in places for edge in place})
    starts = [low for low, _ in places]
    found: list[Span] = []
    at = 0
    for piece in pieces:
        end = at + len(piece.text)
        cuts = [at, *edges[bisect_right(edges, at) : bisect_left(edges, end)], end]
        for start, stop in pairwise(cuts):
            before = bisect_right(starts, start)
            is_stressed = before > 0 and stop <= places[before - 1][1]
            found.append(Span(piece.text[start - at : stop - at], piece.is_citation, is_stressed))
        at = end
    return found


def _by_form(text: str) -> Iterator[tuple[int, int]]:
    return ((citation.start, citation.end) for citation in citations_in(text))


def _by_name(text: str, authorities: str) -> Iterator[tuple[int, int]]:
    """Where an authority, or the name of its case alone, stands in the text."""
    for name in _names(authorities):
        yield from (match.span() for match in re.finditer(re.escape(name), text))


@lru_cache(maxsize=8)
def _names(authorities: str) -> tuple[str, ...]:
    """Asked for each part of a sample; of very many only the first."""
    found = []
    for authority in authorities.split(";", NAMES_MAX)[:NAMES_MAX]:
        name = re.split(r"[\[(]|,?\s\d", authority.strip(), maxsplit=1)[0].strip(" ,.")
        found += [wanted for wanted in (authority.strip(), name) if len(wanted) >= SHORTEST_NAME]
    return tuple(found)


def _merged(found: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Without overlaps: what overlaps becomes one."""
    current: tuple[int, int] | None = None
    for start, stop in found:
        if current is not None and start <= current[1]:
            current = (current[0], max(stop, current[1]))
            continue
        if current is not None:
            yield current
        current = (start, stop)
    if current is not None:
        yield current
