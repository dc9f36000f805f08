"""Cases by neutral citation or by volume and page of a series of reports."""

import re
from collections.abc import Iterator
from dataclasses import replace

from samples.citations import tables
from samples.citations.citation import Citation, Kind
from samples.citations.pinpoints import AFTER_CASE, pinpoint_of
from samples.citations.text import GAP, MAYBE, abbreviation, has_any

_BRACKETED = re.compile(
    rf"(?P<open>[\[(])(?P<year>[12]\d{{3}})(?:[-/]\d{{2,4}})?[\])]{GAP}(?:(?P<volume>\d{{1,3}}){GAP})?"
    rf"(?P<source>[A-Z][A-Za-z'.&() -]{{0,30}}?){MAYBE}(?P<number>(?:[A-Z]{{1,2}}-?)?\d{{1,6}}"
    rf"(?:_\d\d_\d{{4}})?)[a-h]?(?![\w/])"
)
_LAW_REPORTS = re.compile(
    rf"(?:[\[(](?P<year>[12]\d{{3}})(?:[-/]\d{{2,4}})?[\])]{GAP})?\bL\.?R\.?{MAYBE}(?P<volume>\d{{1,2}}){GAP}"
    rf"(?P<source>[A-Z][A-Za-z.& ]{{0,12}}?){GAP}(?P<number>\d{{1,4}})\b"
)
_BY_VOLUME = re.compile(
    r"(?P<volume>\d(?<![\w./-]\d)\d{0,3})[ ]{1,2}(?=(?P<rest>(?P<source>[A-Z][A-Za-z0-9'.& -]{0,32}?"
    r"(?:[ ]?\([\w. ]{1,16}\))?)"
    r"[ ]{1,2}(?P<number>\d{1,7}(?:-[UB])?)(?![\w/])))"
)
_DIVISION = re.compile(rf"{MAYBE}\((?P<court>[A-Z][A-Za-z0-9]{{0,12}})\)")
_COURT = re.compile(
    rf"{GAP}\((?P<court>HL(?:[ ]?\((?:E|Sc|NI|I)\))?|CA|CA[ ]?\(Civ\)|PC|DC|QBD|KBD|QB|KB|ChD|Ch|Fam"
    rf"|FamD|Admin|Comm|TCC|Pat|EAT|UKSC|SC|"
    rf"CSIH|CSOH|IH|OH|HCJ|CCA|CCR|Exch|Ex|CP|NI|NICA|ECtHR|ECJ|CJEU|Merits|[A-Z]{{2}}[ ]SC|[A-Z]{{2}}[ ]CA)\)"
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June|July|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?[ ]\d{1,2},[ ]"
_US_END = re.compile(
    rf"{MAYBE}\([ ]?(?:(?P<court>[A-Z0-9][A-Za-z0-9.,'& ]{{0,40}}?)[ ])??(?:{_MONTH})?(?P<year>[12]\d{{3}})[ ]?\)"
)
_PIN = re.compile(AFTER_CASE)
_PAGE = re.compile(r"[ ](?P<pages>\d{1,4}(?:-\d{1,4})?)(?![\w/])")
_TREATY_SERIES = frozenset({"UNTS", "LNTS", "CTS", "ETS", "ILM"})


def find(text: str) -> Iterator[Citation]:
    for match in _BRACKETED.finditer(text):
        yield from _bracketed(text, match)
    if has_any(text, ("LR", "L.R")):
        for match in _LAW_REPORTS.finditer(text):
            yield from (_ended(text, found) for found in _law_report(match))
    for match in _BY_VOLUME.finditer(text):
        yield from _by_volume(text, match)


def _bracketed(text: str, match: re.Match[str]) -> Iterator[Citation]:
    is_square, short = match["open"] == "[", abbreviation(match["source"])
    if is_square and not match["volume"] and (short in tables.uk_courts() or short in tables.foreign_courts()):
        yield _neutral(text, match, short)
    elif (entry := tables.series().get(short)) and _is_cited_so(entry, is_square=is_square):
        yield _ended(text, _report(match, entry))
    elif is_square and re.fullmatch(r"[A-Z]{2}[A-Za-z]{0,8}(?:[ ][A-Z][A-Za-z]{0,6})?", match["source"]):
        yield _ended(text, _unknown(match))


def _is_cited_so(entry: tables.Series, *, is_square: bool) -> bool:
    """People mix up the brackets; a single letter is a series in its own ones alone."""
    return len(entry.name) > 1 or ("square" if is_square else "round") in entry.styles


def _neutral(text: str, match: re.Match[str], short: str) -> Citation:
    """The court's own number, with the division in parentheses."""
    entry = tables.uk_courts().get(short)
    division = _DIVISION.match(text, match.end())
    pin = _PIN.match(text, division.end() if division else match.end())
    source = entry.code if entry else short
    return Citation(
        kind=Kind.UK_NEUTRAL if entry else Kind.OTHER_CASE,
        start=match.start(),
        end=pin.end() if pin else match.end(),
        key=f"{match['year']} {source} {match['number']}".lower(),
        source=source,
        court=division["court"] if division else "",
        year=int(match["year"]),
        number=match["number"],
        pinpoint=pinpoint_of(pin) if pin else "",
    )


def _report(match: re.Match[str], entry: tables.Series) -> Citation:
    volume = match["volume"] or ""
    is_by_year = not volume or ("square" in entry.styles and (match["open"] == "[" or "round" not in entry.styles))
    year = int(match["year"])
    return _numbered(match, _kind(entry), entry.name, year=year, volume=volume, is_by_year=is_by_year)


def _kind(entry: tables.Series) -> Kind:
    if entry.name in _TREATY_SERIES:
        return Kind.INT_TREATY
    return {"eu": Kind.EU_CASE, "international": Kind.INT_CASE, "other": Kind.OTHER_CASE}.get(
        entry.system, Kind.UK_REPORT
    )


def _ended(text: str, found: Citation) -> Citation:
    """With the court in parentheses and the pinpoint behind it, in either order."""
    court = _COURT.match(text, found.end)
    pin = _PAGE.match(text, court.end()) if court else None
    pin = pin or _PIN.match(text, court.end() if court else found.end)
    end = pin.end() if pin else found.end
    if court is None and (court := _COURT.match(text, end)):
        end = court.end()
    return replace(found, end=end, court=court["court"] if court else "", pinpoint=pinpoint_of(pin) if pin else "")


def _numbered(
    match: re.Match[str], kind: Kind, source: str, *, year: int | None, volume: str = "", is_by_year: bool = True
) -> Citation:
    """Without what stands behind the number."""
    number, end = match["number"], match.end("rest" if "rest" in match.re.groupindex else 0)
    key = " ".join(filter(None, (str(year) if year and is_by_year else "", volume, source, number))).lower()
    return Citation(kind, match.start(), end, key, source=source, year=year, volume=volume, number=number)


def _unknown(match: re.Match[str]) -> Citation:
    source, volume = match["source"].strip(), match["volume"] or ""
    kind = Kind.UK_NEUTRAL if source.startswith(("EW", "UK", "NI", "CS")) and not volume else Kind.UNKNOWN
    return _numbered(match, kind, source, year=int(match["year"]), volume=volume)


def _law_report(match: re.Match[str]) -> Iterator[Citation]:
    entry = tables.series().get("LR" + abbreviation(match["source"]))
    if entry is not None:
        year = int(match["year"]) if match["year"] else None
        yield _numbered(match, Kind.UK_REPORT, entry.name, year=year, volume=match["volume"], is_by_year=False)


def _by_volume(text: str, match: re.Match[str]) -> Iterator[Citation]:
    source, volume = match["source"], match["volume"]
    if source.partition(" ")[0].rstrip(".").lower() in tables.words("months"):
        return
    short, year = abbreviation(source), int(volume) if len(volume) == 4 else None
    entry = tables.series().get(short)
    if year and short in tables.foreign_courts():
        yield _ended(text, _numbered(match, Kind.OTHER_CASE, short, year=year))
    elif entry and year and entry.styles & {"bare", "free"} and entry.name not in _TREATY_SERIES:
        yield _ended(text, _numbered(match, _kind(entry), entry.name, year=year))
    elif entry and "free" in entry.styles:
        yield _ended(text, _numbered(match, _kind(entry), entry.name, year=None, volume=volume))
    else:
        yield from _us(text, match, short)


def _us(text: str, match: re.Match[str], short: str) -> Iterator[Citation]:
    """A reporter that is not known counts only where a year in parentheses stands behind it."""
    bare = re.sub(r"\(.{0,16}\)", "", short)
    reporter = tables.us_reporters().get(short) or tables.us_reporters().get(bare)
    pin = _PIN.match(text, match.end("rest"))
    end = pin.end() if pin else match.end("rest")
    tail = _US_END.match(text, end)
    source = match["source"].strip()
    is_sure = "." in source or source.isupper() or bool(re.search(r"[A-Z]{2}", source))
    if (reporter is None and not (tail and re.search(r"[A-Z][A-Za-z]?\.", source))) or not (is_sure or tail):
        return
    volume, number = match["volume"], match["number"]
    name = reporter.name if reporter else source
    year = int(volume) if len(volume) == 4 and name.endswith(("WL", "LEXIS", ")", "App")) else None
    yield Citation(
        kind=Kind.US_CASE,
        start=match.start(),
        end=tail.end() if tail else end,
        key=us_key(volume, name, number),
        source=name,
        court=(tail["court"] or "").rstrip(" ,") if tail else "",
        year=int(tail["year"]) if tail else year,
        volume=volume,
        number=number,
        pinpoint=pinpoint_of(pin) if pin else "",
    )


def us_key(volume: str, reporter: str, page: str) -> str:
    """By the reporter's usual abbreviation, where it is known."""
    short = abbreviation(reporter)
    known = tables.us_reporters().get(short)
    return f"{volume} {abbreviation(known.name) if known else short} {page}".lower()
