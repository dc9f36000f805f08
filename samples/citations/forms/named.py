"""Treaties, and acts of the European Union, that are cited by name."""

import re
from collections.abc import Iterator
from functools import cache

from samples.citations import tables
from samples.citations.citation import Citation, Kind
from samples.citations.pinpoints import AFTER_ACT, BEFORE_ACT
from samples.citations.text import starting

_SERIES = r"(?:,?[ ](?P<volume>\d{1,4})[ ](?P<series>UNTS|LNTS|CTS|ILM)[ ](?P<number>\d{1,5}))"


def find(text: str) -> Iterator[Citation]:
    for match in _pattern().finditer(text):
        yield _named(text, match)


@cache
def _pattern() -> re.Pattern[str]:
    names = starting(*(re.escape(name) for name in sorted(tables.named_acts(), key=len, reverse=True)))
    return re.compile(
        rf"(?P<name>{names})(?![\w-])(?:[ ]\([A-Z][A-Za-z ]{{1,20}}\))?(?:,?[ ]?\(?(?:"
        rf"(?:adopted|signed|opened for "
        rf"signature)[ ](?:\d{{1,2}}[ ])?(?:[A-Z][a-z]{{2,8}}[ ])?)?(?P<year>(?:18|19|20|21)\d\d)"
        rf"(?:,[ ][a-z][^()\n]{{3,60}})?\)?(?!/))?{_SERIES}?{AFTER_ACT}"
    )


def _named(text: str, match: re.Match[str]) -> Citation:
    entry = tables.named_acts()[match["name"]]
    before = None if match["pinpoint"] else BEFORE_ACT.search(text, max(0, match.start() - 90), match.start())
    return Citation(
        kind=Kind(entry.kind),
        start=before.start() if before else match.start(),
        end=match.end(),
        key=entry.key.lower(),
        source=entry.key,
        year=int(match["year"]) if match["year"] else None,
        volume=match["volume"] or "",
        number=match["number"] or "",
        pinpoint=(before or match)["pinpoint"] or "",
    )
