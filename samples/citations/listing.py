"""The authorities that a sample names: in its list, and in its text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from samples.citations.citation import Citation
from samples.citations.finding import REMEMBERED, citations_in

_END = re.compile(r"[;\n]")
_AROUND = " \t,.(\"'*_-\u2022"
NAME_MAX = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list of authorities; several citations are reports of one case, none: it cannot be read."""

    text: str
    citations: tuple[Citation, ...]


@lru_cache(maxsize=REMEMBERED)
def entries(listed: str) -> tuple[Entry, ...]:
    """What stands between semicolons or line breaks. Kept for the last lists: each rule asks again."""
    found = citations_in(listed)
    ends = [match.start() for match in _END.finditer(listed)]
    places = zip([0, *(end + 1 for end in ends)], [*ends, len(listed)], strict=True)
    return tuple(
        Entry(listed[start:end].strip(), tuple(_of_entry(listed, start, end, found)))
        for start, end in places
        if listed[start:end].strip(_AROUND)
    )


def _of_entry(listed: str, start: int, end: int, found: tuple[Citation, ...]) -> Iterator[Citation]:
    """In a list a case's name begins where its entry does."""
    inside = [citation for citation in found if start <= citation.start < end]
    for citation in inside:
        yield _named(listed, start, inside[0], citation) if citation.kind.is_case else citation


def _named(listed: str, start: int, first: Citation, citation: Citation) -> Citation:
    before = listed[start : first.start].strip(_AROUND)
    is_name = before[:1].isupper() and len(before) <= NAME_MAX and first.kind.is_case and not first.is_parallel
    if not is_name or (citation is not first and not citation.is_parallel):
        return citation
    parties = (listed[start : first.start] + first.parties).strip(_AROUND)
    if citation is not first:
        return replace(citation, parties=parties)
    begin = listed.index(parties[0], start)
    return replace(citation, parties=parties, start=begin, raw=listed[begin : citation.end])


@lru_cache(maxsize=REMEMBERED)
def listed_citations(listed: str) -> tuple[Citation, ...]:
    """Every citation of the list, other reports of one case among them."""
    return tuple(citation for entry in entries(listed) for citation in entry.citations)


def authorities(listed: str) -> tuple[Citation, ...]:
    """One citation for each authority of the list, by its first report."""
    distinct: dict[str, Citation] = {}
    for citation in listed_citations(listed):
        if not citation.is_parallel:
            distinct.setdefault(citation.key, citation)
    return tuple(distinct.values())
