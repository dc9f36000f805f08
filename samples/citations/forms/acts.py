"""British acts, statutory instruments and rules of court; American acts that are cited by name and year."""

import re
from collections.abc import Iterator

from samples.citations import names, tables
from samples.citations.citation import Citation, Kind
from samples.citations.pinpoints import AFTER_ACT, BEFORE_ACT
from samples.citations.text import GAP, SUBDIVISIONS, has_any, starting

_NUMBERED = r"(?:SI|S\.I\.|SSI|WSI|SR[ ]?&[ ]?O|SR|NISR)[ ]{0,2}\d{4}(?:/|[ ]No\.?[ ])\d{1,5}"
_ACT = re.compile(
    rf"(?P<type>{starting('Act', 'Ordinance', 'Measure', 'Regulations', 'Rules', 'Orders', 'Order', 'Code', 'Scheme')})"
    r"(?:[ ]\((?:Scotland|Northern Ireland|Wales|England|EU Exit|Consolidation|No\.? ?\d{1,2})\)){0,2}"
    rf"(?P<of>,?[ ]of)?,?[ ](?P<year>[12]\d{{3}})\b(?:[ ]?\(?(?:,[ ])?(?P<si>{_NUMBERED})\)?)?{AFTER_ACT}"
)
_NAMED = re.compile(
    r"\b(?P<title>Bill of Rights|Claim of Right|Magna Carta|Act of Settlement|Acts? of Union"
    r"(?: with Scotland)?|Act of Supremacy|"
    r"Statute of Frauds|Statute of Westminster|Statute of Uses|Statute of Marlborough|Treason Act)[ ,]{1,2}"
    rf"\(?(?P<year>[12]\d{{3}})\)?{AFTER_ACT}"
)
_SI = re.compile(
    r"\b(?P<source>SI|S\.I\.|SSI|WSI|SR[ ]?&[ ]?O|SR|NISR)[ ]{0,2}(?P<year>\d{4})(?:/|[ ]\(?No\.?[ ])"
    r"(?P<number>\d{1,5})\b"
    rf"{AFTER_ACT}"
)
_RULES = re.compile(
    rf"\b(?P<source>CPR|FPR|CrimPR|Crim[ ]PR|RSC)(?:[ ]\d{{4}})?,?{GAP}(?:(?P<unit>rr|r|[Rr]ules?"
    rf"|[Pp]arts?|[Pp]t|PD|Practice[ ]Direction|Ord|O)\.?[ ]{{0,2}})?"
    rf"(?P<number>\d{{1,3}}[A-Z]{{0,3}}(?:\.\d{{1,3}}[A-Z]{{0,2}})?)\b(?P<pinpoint>{SUBDIVISIONS}"
    rf"(?:,[ ]r\.?[ ]?\d{{1,3}}{SUBDIVISIONS})?)"
)
_LEADS_TO_TITLE = re.compile(r"^.{0,240}\b(?:and|or|of|to|under|by|in|with|for|both|that|per|from)[ ][Tt]he[ ]")
_NAMES = ("of Rights", "Claim of", "Magna Carta", "Act of ", "Acts of ", "Statute of ", "Treason Act")
_RULE_BOOKS = {
    "civil procedure rules": "CPR",
    "family procedure rules": "FPR",
    "criminal procedure rules": "CrimPR",
    "rules of the supreme court": "RSC",
}


def find(text: str) -> Iterator[Citation]:
    for match in _ACT.finditer(text):
        yield from _titled(text, match)
    if has_any(text, _NAMES):
        for match in _NAMED.finditer(text):
            yield _act(text, match, match.start(), f"{match['title']} {match['year']}", Kind.UK_ACT)
    if has_any(text, ("SI", "S.I.", "SR")):
        yield from map(_instrument, _SI.finditer(text))
    if has_any(text, ("PR", "RSC")):
        yield from map(_rules, _RULES.finditer(text))


def _titled(text: str, match: re.Match[str]) -> Iterator[Citation]:
    start = names.before(text, match.start(), tables.words("titles"))
    if lead := _LEADS_TO_TITLE.match(text[start : match.start()]):
        start += lead.end()
    if text.startswith(("The ", "the "), start):
        start += 4
    title = " ".join(text[start : match.start("year")].split()).rstrip(", ")
    if start >= match.start() or not any(word[:1].isupper() for word in title.split()[:-1]):
        return
    kind = Kind.UK_ACT if match["type"] in {"Act", "Ordinance", "Measure"} else Kind.UK_SI
    if match["of"]:
        kind, title = Kind.US_STATUTE, title.removesuffix(" of").rstrip(",")
    yield _act(text, match, start, f"{title} {match['year']}", kind)


def _act(text: str, match: re.Match[str], start: int, title: str, kind: Kind) -> Citation:
    before = None if match["pinpoint"] else BEFORE_ACT.search(text, max(0, start - 90), start)
    instrument = _SI.match(match.groupdict().get("si") or "")
    rules = _RULE_BOOKS.get(title.lower().rpartition(" ")[0])
    key = (
        f"{title}"
        if instrument is None
        else f"{instrument['source'].replace('.', '')} {instrument['year']}/{instrument['number']}"
    )
    return Citation(
        kind=Kind.UK_RULES if rules else kind,
        start=before.start() if before else start,
        end=match.end(),
        key=key.lower(),
        source=title,
        year=int(match["year"]),
        number=instrument["number"] if instrument else "",
        pinpoint=(before or match)["pinpoint"] or "",
    )


def _instrument(match: re.Match[str]) -> Citation:
    source = match["source"].replace(".", "")
    return Citation(
        kind=Kind.UK_SI,
        start=match.start(),
        end=match.end(),
        key=f"{source} {match['year']}/{match['number']}".lower(),
        source=source,
        year=int(match["year"]),
        number=match["number"],
        pinpoint=match["pinpoint"] or "",
    )


def _rules(match: re.Match[str]) -> Citation:
    unit = "PD" if (match["unit"] or "") in {"PD", "Practice Direction"} else ""
    source = " ".join(filter(None, (match["source"].replace(" ", ""), unit)))
    return Citation(
        kind=Kind.UK_RULES,
        start=match.start(),
        end=match.end(),
        key=f"{source} {match['number']}".lower(),
        source=source,
        number=match["number"],
        pinpoint=match["pinpoint"].strip(" ,"),
    )
