"""Cases and resolutions of international courts, tribunals and organisations."""

import re
from collections.abc import Iterator

from samples.citations.citation import Citation, Kind
from samples.citations.pinpoints import AFTER_CASE, pinpoint_of
from samples.citations.text import has_any

_NO = r"(?:[Nn]os?\.?|[Nn]umbers?)"
_CASES = {
    "ICJ Rep": re.compile(
        rf"\bI\.?C\.?J\.?[ ]Rep(?:orts|\.)?[ ](?P<year>\d{{4}})(?:,?[ ]\(?p(?:p|\.)?\.?[ ]?"
        rf"(?P<number>\d{{1,4}})\)?)?{AFTER_CASE}"
    ),
    "PCIJ": re.compile(
        rf"(?:\((?P<year>\d{{4}})\)[ ])?\bP\.?C\.?I\.?J\.?,?[ ]\(?[Ss]er(?:ies|\.)?\.?[ ](?P<volume>A/B"
        rf"|A|B)\)?,?[ ]{_NO}[ ]?(?P<number>\d{{1,3}})\b(?:[ ]\("
        rf"(?:[A-Z][a-z]{{1,9}}\.?[ ]\d{{1,2}},?[ ])?\d{{4}}\))?{AFTER_CASE}"
    ),
    "ECtHR": re.compile(
        rf"\(?\b(?:[Aa]pp(?:lication|l)?s?\.?|[Rr]equ[e\u00ea]te)[ ](?:{_NO}[ ])?(?P<number>\d{{1,5}}/"
        rf"(?P<short>\d\d))(?:(?:,[ ]|[ ]and[ ])\d{{1,5}}/\d\d){{0,6}}\b\)?(?:[ ]\(ECtHR,?[ ]"
        rf"(?:GC,[ ])?[^)\n]{{4,24}}\))?{AFTER_CASE}"
    ),
    "ECHR": re.compile(r"\bECHR[ ](?P<year>\d{4})-(?P<number>[IVX]{1,6})\b"),
    "ICSID": re.compile(
        r"\bICSID[ ]Case[ ]No\.?[ ](?P<number>(?:ARB\(AF\)|ARB|CONC\(AF\)|CONC|ADM|EXP|UNCT|ADHOC)/"
        r"(?P<short>\d\d)/\d{1,3})\b"
    ),
    "PCA": re.compile(r"\bPCA[ ]Case[ ](?:No\.?|Nos\.?)[ ]?(?P<number>(?P<year>\d{4})-\d{1,3}|AA[ ]?\d{1,4})\b"),
    "ICTY": re.compile(
        r"\b(?:Case[ ]No\.?[ ])?(?P<number>IT-(?P<short>\d\d)-\d{1,3}(?:/\d)?(?:-[A-Z]{1,3}(?:\d\d"
        r"(?:bis)?)?(?:\.\d{1,2})?){0,3})(?![\w])"
    ),
    "ICTR": re.compile(
        r"\b(?:Case[ ]No\.?[ ])?(?P<number>ICTR-(?P<short>\d\d)-\d{1,3}[A-Z]?(?:-[A-Z]{1,3}\d{0,2}){0,2})\b"
    ),
    "SCSL": re.compile(r"\b(?:Case[ ]No\.?[ ])?(?P<number>SCSL-(?P<year>20\d\d|\d\d)-\d{1,3}(?:-[A-Z]{1,3}){0,2})\b"),
    "ICC": re.compile(
        r"\b(?:Case[ ]No\.?[ ])?(?P<number>ICC-\d\d/\d\d(?:-\d\d/\d\d)?(?:-\d{1,5}){0,1}(?:-[A-Z]{1,4}\d{0,3}){0,2})\b"
    ),
    "WTO": re.compile(r"\b(?P<number>WT/DS(?P<ds>\d{1,3})(?:/(?:AB/)?(?:R|RW|ARB)\d?){0,2})\b"),
    "ITLOS": re.compile(
        r"\bITLOS[ ](?:Case[ ]No\.?[ ](?P<number>\d{1,3})|Rep(?:orts|\.)?[ ](?P<year>\d{4})(?:,?[ ]p\.?[ ]?\d{1,4})?)\b"
    ),
    "IACtHR": re.compile(rf"(?:\bIACtHR[ ]|\(|\b)[Ss]er(?:ies|\.)[ ]C\)?,?[ ]{_NO}[ ](?P<number>\d{{1,3}})\b"),
}
_RESOLUTIONS = {
    "UNGA": re.compile(
        r"\b(?:UNGA|UN[ ]General[ ]Assembly|General[ ]Assembly|GA)[ ][Rr]es(?:olution|\.)?[ ]"
        r"(?:No\.?[ ])?(?P<number>\d{1,4}(?:[ ]?[A-Z]{1,2})?[ ]\([IVX]{1,7}\)|\d{1,3}/\d{1,3})"
    ),
    "UNSC": re.compile(
        r"\b(?:UNSC|UN[ ]Security[ ]Council|Security[ ]Council|SC)[ ][Rr]es(?:olution|\.)?[ ]"
        r"(?:No\.?[ ])?(?P<number>\d{1,4})(?:[ ]\((?P<year>\d{4})\))?"
    ),
    "A/RES": re.compile(r"\bA/RES/(?P<number>\d{1,4}(?:/\d{1,3}(?:/Add\.\d)?|[ ]?[A-Z]?[ ]?\([IVX]{1,7}\)))"),
    "S/RES": re.compile(r"\bS/RES/(?P<number>\d{1,4})(?:[ ]?\((?P<year>\d{4})\))?"),
    "UN Doc": re.compile(r"\bUN[ ]Doc\.?[ ](?P<number>[A-Z][A-Z0-9/.]{2,30}[A-Z0-9])"),
}
_FAMILY = {"A/RES": "UNGA", "S/RES": "UNSC"}
_NEEDLES = {
    "ICJ Rep": ("ICJ", "I.C.J"),
    "PCIJ": ("PCIJ", "P.C.I.J"),
    "ECtHR": ("/",),
    "ECHR": ("ECHR 1", "ECHR 2"),
    "ICSID": ("ICSID Case",),
    "PCA": ("PCA Case",),
    "ICTY": ("IT-",),
    "ICTR": ("ICTR-",),
    "SCSL": ("SCSL-",),
    "ICC": ("ICC-",),
    "WTO": ("WT/DS",),
    "ITLOS": ("ITLOS",),
    "IACtHR": ("eries C", "er. C", "er C"),
    "UNGA": ("GA ", "Assembly "),
    "UNSC": ("SC ", "Council "),
    "A/RES": ("A/RES/",),
    "S/RES": ("S/RES/",),
    "UN Doc": ("UN Doc",),
}


def find(text: str) -> Iterator[Citation]:
    for kind, patterns in ((Kind.INT_CASE, _CASES), (Kind.INT_RESOLUTION, _RESOLUTIONS)):
        for source, pattern in patterns.items():
            if has_any(text, _NEEDLES[source]):
                for match in pattern.finditer(text):
                    yield _found(kind, source, match)


def _found(kind: Kind, source: str, match: re.Match[str]) -> Citation:
    parts = match.groupdict()
    family = _FAMILY.get(source, source)
    number = parts.get("number") or ""
    by_year = parts.get("year") or "" if source in {"ICJ Rep", "ITLOS"} else ""
    name = f"{family} {parts['volume']}" if parts.get("volume") else family
    key = " ".join(filter(None, (by_year, name.lower(), number.lower())))
    if source == "ECtHR" or kind is Kind.INT_RESOLUTION:
        key = f"{family} {number}".lower()
    return Citation(
        kind=kind,
        start=match.start(),
        end=match.end(),
        key=key,
        source=family,
        year=_year(parts),
        volume=parts.get("volume") or "",
        number=number,
        pinpoint=pinpoint_of(match),
    )


def _year(parts: dict[str, str | None]) -> int | None:
    """Of two digits the nearest to our time."""
    if (year := parts.get("year")) and len(year) == 4:
        return int(year)
    short = parts.get("short")
    return None if not short else int(short) + (1900 if int(short) > 50 else 2000)
