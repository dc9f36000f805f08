"""Cases of the European Union's courts, ECLI, CELEX, regulations, directives and decisions."""

import re
from collections.abc import Iterator

from samples.citations import names
from samples.citations.citation import Citation, Kind
from samples.citations.pinpoints import AFTER_ACT, AFTER_CASE, BEFORE_ACT, pinpoint_of
from samples.citations.text import has_any

_SUFFIX = r"(?:[ ]?(?:P\(R\)|PPU|P-R|RENV|DEP|INTP|REV|RX|SA|P|R)(?![\w]))?"
_CASE = re.compile(rf"(?<![\w/])(?P<court>[CTF])-(?P<number>\d{{1,4}})/(?P<year>\d\d)(?P<suffix>{_SUFFIX})(?![\w/])")
_BEFORE_CASE = re.compile(r"(?:\b(?:Joined[ ]Cases|Cases?)|\band|\bto)[ ]{1,2}$")
_OLD_CASE = re.compile(
    r"\b(?:Joined[ ]Cases|Cases?)[ ](?P<number>\d{1,4})(?:(?:,[ ]|[ ]and[ ]|,?[ ]to[ ]|-)\d{1,4}){0,6}/"
    r"(?P<year>\d\d)(?P<suffix>)(?![\w/])"
    r"(?:(?:,[ ]|[ ]and[ ])\d{1,4}/\d\d(?!\d)){0,5}"
)
_OPINION = re.compile(r"\b(?P<court>Opinion|Ruling)[ ](?P<number>\d)/(?P<year>\d\d)\b(?P<suffix>)")
_TO_REPORT = re.compile(r",?[ ](?P<name>[A-Z\"][^\n;\[/]{1,160}?)(?=,?[ ](?:(?:EU|ECLI):|\[[12]\d{3}\][ ]))")
_ECLI = re.compile(
    rf"\b(?:ECLI:(?=[A-Z]{{2}}:)|(?=EU:))(?P<country>[A-Z]{{2}}):(?P<court>[A-Z0-9]{{1,7}}):"
    rf"(?P<year>\d{{4}}):(?P<number>[A-Z0-9.]{{0,24}}[A-Z0-9]){AFTER_CASE}"
)
_CELEX = re.compile(
    rf"\b(?:CELEX(?:[ ]?(?:No\.?|number|:))?[ ]?:?[ ]?)(?P<celex>[1-9](?P<year>\d{{4}})"
    rf"(?P<type>[A-Z]{{1,2}})(?P<number>\d{{3,5}})(?:\(\d\d\))?){AFTER_ACT}"
)
_TYPE = r"(?P<type>Regulation|Directive|Decision|Framework Decision|Recommendation)"
_BEFORE_TYPE = re.compile(r"\b(?:(?:Council|Commission|Parliament|Delegated|Implementing)[ ]){1,2}$")
_ACT = re.compile(
    rf"\b{_TYPE}[ ](?:\((?P<union>EU|EC|EEC|Euratom|EU, Euratom|CFSP)\)[ ])?(?P<no>No\.?[ ])?"
    rf"(?P<a>\d{{1,4}})/(?P<b>\d{{1,4}})(?:/(?P<suffix>EU|EC|EEC|JHA|CFSP|Euratom|ECSC))?\b{AFTER_ACT}"
)
_CASES = ((("C-", "T-", "F-"), _CASE), (("Case ", "Cases "), _OLD_CASE), (("Opinion ", "Ruling "), _OPINION))
_TYPES = ("Regulation ", "Directive ", "Decision ", "Recommendation ")
_LETTER = {"Regulation": "R", "Directive": "L", "Decision": "D", "Framework Decision": "F", "Recommendation": "H"}


def find(text: str) -> Iterator[Citation]:
    for needles, pattern in _CASES:
        if has_any(text, needles):
            for match in pattern.finditer(text):
                yield _case(text, match)
    if has_any(text, ("EU:", "ECLI:")):
        yield from map(_ecli, _ECLI.finditer(text))
    if "CELEX" in text:
        yield from map(_celex, _CELEX.finditer(text))
    if has_any(text, _TYPES):
        for match in _ACT.finditer(text):
            yield from _act(text, match)


def full_year(two_digits: str) -> int:
    """The courts began in 1953."""
    return int(two_digits) + (1900 if int(two_digits) >= 52 else 2000)


def _case(text: str, match: re.Match[str]) -> Citation:
    """With the name that stands behind the number."""
    court = match.groupdict().get("court") or ""
    number = f"{court}-{match['number']}/{match['year']}" if len(court) == 1 else f"{match['number']}/{match['year']}"
    start, end = _name_behind(text, match.end())
    parties = text[start:end]
    before = _BEFORE_CASE.search(text, max(0, match.start() - 15), match.start())
    return Citation(
        kind=Kind.EU_CASE,
        start=before.start() if before else match.start(),
        end=end if parties else match.end(),
        key=(number if len(court) < 2 else f"{court} {number}").lower(),
        source=court or "C",
        year=full_year(match["year"]),
        number=number + match["suffix"],
        parties=parties,
    )


def _name_behind(text: str, end: int) -> tuple[int, int]:
    """To the report or ECLI of the case where one follows, else as far as the words are a name's."""
    if whole := _TO_REPORT.match(text, end):
        return whole.span("name")
    start = end + (2 if text.startswith(", ", end) else 1)
    if not text.startswith((" ", ", "), end) or _CASE.match(text, start):
        return end, end
    return start, max(start, names.after(text, start))


def _ecli(match: re.Match[str]) -> Citation:
    return Citation(
        kind=Kind.EU_CASE if match["country"] == "EU" else Kind.OTHER_CASE,
        start=match.start(),
        end=match.end(),
        key=f"{match['country']}:{match['court']}:{match['year']}:{match['number']}".lower(),
        source="ECLI",
        court=match["court"],
        year=int(match["year"]),
        number=match["number"],
        pinpoint=pinpoint_of(match),
    )


def _celex(match: re.Match[str]) -> Citation:
    kind = Kind.EU_CASE if match["celex"][0] == "6" else Kind.EU_ACT
    return Citation(
        kind=kind,
        start=match.start(),
        end=match.end(),
        key=match["celex"].lower(),
        source="CELEX",
        year=int(match["year"]),
        number=match["celex"],
        pinpoint=match["pinpoint"] or "",
    )


def _act(text: str, match: re.Match[str]) -> Iterator[Citation]:
    """Year before number, except with "No", in old regulations, and where only the second can be a year."""
    a, b = match["a"], match["b"]
    if not (match["union"] or match["suffix"] or match["no"] or len(a) == 4 or len(b) == 4):
        return
    is_number_first = (
        bool(match["no"]) or (len(b) == 4 and len(a) != 4) or (match["type"] == "Regulation" and len(b) == 2)
    )
    number, written = (a, b) if is_number_first else (b, a)
    if len(written) not in (2, 4):
        return
    year = int(written) if len(written) == 4 else full_year(written)
    start = match.start()
    if body := _BEFORE_TYPE.search(text, max(0, start - 30), start):
        start = body.start()
    before = None if match["pinpoint"] else BEFORE_ACT.search(text, max(0, start - 90), start)
    yield Citation(
        kind=Kind.EU_ACT,
        start=before.start() if before else start,
        end=match.end(),
        key=f"3{year}{_LETTER[match['type']]}{int(number):04}".lower(),
        source=match["type"],
        court=match["union"] or match["suffix"] or "",
        year=year,
        number=number,
        pinpoint=(before or match)["pinpoint"] or "",
    )
