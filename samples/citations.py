"""Legal citations in a text, by their form alone: whether an authority exists is for the reader to say. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_UK_COURTS = r"(?:UKSC|UKHL|UKPC|EWCA|EWHC|EWFC|UKUT|UKFTT|EAT|CSIH|CSOH|NICA|NIQB|IEHC|IESC|HCA|NZSC|SCC|ONCA|BCCA)"
_REPORTS = (
    r"(?:A\.?C\.?|Q\.?B\.?(?:D\.)?|K\.?B\.?|Ch(?:\.|\b)(?:\s?D\.?)?|W\.?L\.?R\.?|All\s?E\.?R\.?|Fam\.?|P\.?|H\.?L\.?\s?Cas\.?|Ex(?:ch)?\.?|Lloyd's\s?Rep\.?"
    r"|Cr\.?\s?App\.?\s?R\.?|I\.?C\.?R\.?|I\.?R\.?L\.?R\.?|B\.?C\.?L\.?C\.?|E\.?C\.?R\.?|E\.?H\.?R\.?R\.?|S\.?C\.?|I\.?R\.?|C\.?L\.?R\.?)"
)
_US_REPORTS = (
    r"(?:U\.\s?S\.|S\.\s?Ct\.|L\.\s?Ed\.(?:\s?2d)?|F\.(?:\s?[23]d|\s?4th)?|F\.\s?Supp\.(?:\s?[23]d)?"
    r"|[A-Z][A-Za-z]*\.(?:\s?App\.)?\s?(?:[23]d|4th|5th)|N\.\s?[EWY]\.(?:\s?[23]d)?|A\.\s?[23]d|P\.\s?[23]d|S\.\s?[EW]\.(?:\s?[23]d)?)"
)
_DASH = "[-\u2010-\u2015]"
_WORD_OF_ACT = r"[A-Z][\w'\u2019()-]*\s+(?:(?:and|of|the|for|in|to|&)\s+)*"
# As many words as the longest titles have, so that a text in capitals costs no more than any other.
_ACT = rf"(?:{_WORD_OF_ACT}){{1,12}}(?:Act|Ordinance|Regulations|Rules|Order)\s+(?:1[2-9]|20)\d\d"

PATTERNS = (
    rf"\[(?:1[6-9]|20)\d\d\]\s+(?:\d+\s+)?{_UK_COURTS}(?:\s+(?:Civ|Crim|Admin|Fam|Ch|Comm|TCC|QB|KB|Pat))?\s+\d+(?:\s+\((?:Admin|Ch|Comm|Fam|TCC|QB|KB|Pat|IPEC|TC|AAC|IAC)\))?",
    rf"[\[(](?:1[6-9]|20)\d\d[\])]\s+(?:\d+\s+)?{_REPORTS}\s*\d+",
    rf"\b\d{{1,4}}\s+{_US_REPORTS}\s+\d{{1,5}}(?:\s+\((?:[A-Za-z0-9. ]+\s)?(?:1[7-9]|20)\d\d\))?",
    r"\b\d{1,2}\s+U\.?\s?S\.?\s?C\.?(?:A\.?)?\s+§{1,2}\s?\d+\w*(?:\([a-z0-9]+\))*",
    r"\b\d{1,2}\s+C\.?\s?F\.?\s?R\.?\s+(?:§{1,2}\s?)?\d+(?:\.\d+)*",
    rf"\b(?:Case\s+|Joined\s+Cases\s+)?[CTF]{_DASH}\d{{1,4}}/\d{{2}}(?:\s*P)?\b",
    r"\bEU:[CT]:\d{4}:\d+\b|\bECLI:[A-Z]{2}:[A-Z]+:\d{4}:[\w.]+",
    r"\b(?:Council\s+|Commission\s+)?(?:Directive|Regulation|Decision)\s+\((?:EU|EC|EEC)\)\s+(?:No\.?\s+)?\d{2,4}/\d{2,4}|\b(?:Directive|Regulation)\s+\d{2,4}/\d{1,4}/(?:EU|EC|EEC)\b",
    rf"(?:\b[Ss](?:s|ections?|\.)?\.?\s?\d+[A-Z]?(?:\([0-9a-z]+\))*(?:\s+(?:of\s+)?(?:the\s+)?))?\b{_ACT}\b(?:,?\s+ss?\.?\s?\d+[A-Z]?(?:\([0-9a-z]+\))*)?",
    r"\b(?:Article|Art\.?)\s+\d+[a-z]?(?:\(\d+\))*(?:\([a-z]\))*\s+(?:of\s+the\s+)?(?:TFEU|TEU|ECHR|GDPR|UN\s+Charter|ICCPR|ICJ\s+Statute|VCLT)\b",
    r"\bICJ\s+Rep(?:orts)?\.?\s+\d{4}(?:,?\s+p(?:p|\.)?\.?\s?\d+)?|\b\d{1,4}\s+UNTS\s+\d+\b",
    r"\b(?:1[89]|20)\d\d\s+CanLII\s+\d+(?:\s+\([A-Z ]+\))?",
)
_CITATION = re.compile("|".join(f"(?:{pattern})" for pattern in PATTERNS))
SHORTEST_NAME = 8


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
    """The same text in pieces that are cut where stress begins and ends."""
    edges = sorted({edge for place in places for edge in place})
    found: list[Span] = []
    at = 0
    for piece in pieces:
        cuts = [at, *(edge for edge in edges if at < edge < at + len(piece.text)), at + len(piece.text)]
        for start, stop in pairwise(cuts):
            is_stressed = any(low <= start and stop <= high for low, high in places)
            found.append(Span(piece.text[start - at : stop - at], piece.is_citation, is_stressed))
        at += len(piece.text)
    return found


def _by_form(text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _CITATION.finditer(text))


def _by_name(text: str, authorities: str) -> Iterator[tuple[int, int]]:
    """Where an authority, or the name of its case alone, stands in the text."""
    for authority in authorities.split(";"):
        name = re.split(r"[\[(]|,?\s\d", authority.strip(), maxsplit=1)[0].strip(" ,.")
        for wanted in (authority.strip(), name):
            if len(wanted) >= SHORTEST_NAME:
                yield from (match.span() for match in re.finditer(re.escape(wanted), text))


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
