"""Legal citations in a text, by their form alone: whether an authority exists is for the reader to say. Pure."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

_UK_COURTS = r"(?:UKSC|UKHL|UKPC|EWCA|EWHC|EWFC|UKUT|UKFTT|EAT|CSIH|CSOH|NICA|NIQB|IEHC|IESC|HCA|NZSC|SCC|ONCA|BCCA)"
_REPORTS = (
    r"(?:A\.?C\.?|Q\.?B\.?(?:D\.)?|K\.?B\.?|Ch(?:\.|\b)(?:\s?D\.?)?|W\.?L\.?R\.?|All\s?E\.?R\.?|Fam\.?|P\.?|H\.?L\.?\s?Cas\.?|Ex(?:ch)?\.?|Lloyd's\s?Rep\.?"
    r"|Cr\.?\s?App\.?\s?R\.?|I\.?C\.?R\.?|I\.?R\.?L\.?R\.?|B\.?C\.?L\.?C\.?|E\.?C\.?R\.?|E\.?H\.?R\.?R\.?|S\.?C\.?|I\.?R\.?|C\.?L\.?R\.?)"
)
_US_REPORTS = (
    r"(?:U\.\s?S\.|S\.\s?Ct\.|L\.\s?Ed\.(?:\s?2d)?|F\.(?:\s?[23]d|\s?4th)?|F\.\s?Supp\.(?:\s?[23]d)?"
    r"|[A-Z][A-Za-z]{0,20}\.(?:\s?App\.)?\s?(?:[23]d|4th|5th)|N\.\s?[EWY]\.(?:\s?[23]d)?|A\.\s?[23]d|P\.\s?[23]d|S\.\s?[EW]\.(?:\s?[23]d)?)"
)
_DASH = "[-\u2010-\u2015]"
_WORD_OF_ACT = r"[A-Z][\w'\u2019()-]{0,40}\s{1,4}(?:(?:and|of|the|for|in|to|&)\s{1,4}){0,3}"
# As many words as the longest titles have. Every repetition is bounded, so that no text costs more than another one.
_ACT = rf"(?:{_WORD_OF_ACT}){{1,12}}(?:Act|Ordinance|Regulations|Rules|Order)\s{{1,4}}(?:1[2-9]|20)\d\d"

PATTERNS = (
    rf"\[(?:1[6-9]|20)\d\d\]\s{{1,4}}(?:\d{{1,6}}\s{{1,4}})?{_UK_COURTS}(?:\s{{1,4}}(?:Civ|Crim|Admin|Fam|Ch|Comm|TCC|QB|KB|Pat))?\s{{1,4}}\d{{1,6}}(?:\s{{1,4}}\((?:Admin|Ch|Comm|Fam|TCC|QB|KB|Pat|IPEC|TC|AAC|IAC)\))?",
    rf"[\[(](?:1[6-9]|20)\d\d[\])]\s{{1,4}}(?:\d{{1,6}}\s{{1,4}})?{_REPORTS}\s{{0,4}}\d{{1,6}}",
    (
        rf"\b\d{{1,4}}\s{{1,4}}{_US_REPORTS}\s{{1,4}}\d{{1,5}}"
        r"(?:\s{1,4}\((?:[A-Za-z0-9. ]{1,40}\s)?(?:1[7-9]|20)\d\d\))?"
    ),
    r"\b\d{1,2}\s{1,4}U\.?\s?S\.?\s?C\.?(?:A\.?)?\s{1,4}§{1,2}\s?\d{1,6}\w{0,10}(?:\([a-z0-9]{1,6}\)){0,6}",
    r"\b\d{1,2}\s{1,4}C\.?\s?F\.?\s?R\.?\s{1,4}(?:§{1,2}\s?)?\d{1,6}(?:\.\d{1,6}){0,6}",
    rf"\b(?:Case\s{{1,4}}|Joined\s{{1,4}}Cases\s{{1,4}})?[CTF]{_DASH}\d{{1,4}}/\d{{2}}(?:\s{{0,4}}P)?\b",
    r"\bEU:[CT]:\d{4}:\d{1,6}\b|\bECLI:[A-Z]{2}:[A-Z]{1,10}:\d{4}:[\w.]{1,40}",
    r"\b(?:Council\s{1,4}|Commission\s{1,4})?(?:Directive|Regulation|Decision)\s{1,4}\((?:EU|EC|EEC)\)\s{1,4}(?:No\.?\s{1,4})?\d{2,4}/\d{2,4}|\b(?:Directive|Regulation)\s{1,4}\d{2,4}/\d{1,4}/(?:EU|EC|EEC)\b",
    rf"(?:\b[Ss](?:s|ections?|\.)?\.?\s?\d{{1,6}}[A-Z]?(?:\([0-9a-z]{{1,6}}\)){{0,6}}(?:\s{{1,4}}(?:of\s{{1,4}})?(?:the\s{{1,4}})?))?\b{_ACT}\b(?:,?\s{{1,4}}ss?\.?\s?\d{{1,6}}[A-Z]?(?:\([0-9a-z]{{1,6}}\)){{0,6}})?",
    r"\b(?:Article|Art\.?)\s{1,4}\d{1,6}[a-z]?(?:\(\d{1,6}\)){0,6}(?:\([a-z]\)){0,6}\s{1,4}(?:of\s{1,4}the\s{1,4})?(?:TFEU|TEU|ECHR|GDPR|UN\s{1,4}Charter|ICCPR|ICJ\s{1,4}Statute|VCLT)\b",
    r"\bICJ\s{1,4}Rep(?:orts)?\.?\s{1,4}\d{4}(?:,?\s{1,4}p(?:p|\.)?\.?\s?\d{1,6})?|\b\d{1,4}\s{1,4}UNTS\s{1,4}\d{1,6}\b",
    r"\b(?:1[89]|20)\d\d\s{1,4}CanLII\s{1,4}\d{1,6}(?:\s{1,4}\([A-Z ]{1,20}\))?",
)
_CITATION = re.compile("|".join(f"(?:{pattern})" for pattern in PATTERNS))
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
    return (match.span() for match in _CITATION.finditer(text))


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
