"""American reporters and codes."""

import re
from bisect import bisect_right
from datetime import date

from samples.citations import tables
from samples.citations.citation import Citation
from samples.citations.judging.problem import Problem
from samples.citations.text import abbreviation

USC_TITLES = 54
CFR_TITLES = 50
AMENDMENTS = 27
ARTICLES = 7
CONGRESSES_FROM = 1789
VOLUMES_A_YEAR = 45
"""More than any reporter of the table fills; what stands behind its last known volume is judged by it."""
YEARS_OFF = 4
LAST_OF_SERIES = 999
"""A series goes on with volume 1 of the next one after it."""
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_SUPREME = ("U.S.", "S. Ct.", "L. Ed.", "L. Ed. 2d", "Cranch", "Wheat.")
_CIRCUIT = re.compile(r"^(?P<name>\d{1,2}(?:st|nd|rd|th|d)|D\.C\.|Fed\.) Cir")


def case(citation: Citation, today: date) -> Problem | None:
    reporter = tables.us_reporters().get(abbreviation(citation.source))
    if reporter is None:
        return Problem(f"no reporter is called {citation.source}")
    return _series_years(citation, reporter) or _volume(citation, reporter, today) or _court(citation)


def _series_years(citation: Citation, reporter: tables.Reporter) -> Problem | None:
    """Two years of grace on both sides: volumes come after the decisions, and dates are of title pages."""
    year, known = citation.year, tables.us_volumes().get(reporter.name)
    first, last = (known.years[0][1], None) if known else (reporter.first, reporter.last)
    if year is not None and not first - 2 <= year <= (last or 9997) + 2:
        span = f"{first} to {last}" if last else f"{first} on"
        return Problem(f"{reporter.name} reports the years {span}, not {year}")
    return None


def _volume(citation: Citation, reporter: tables.Reporter, today: date) -> Problem | None:
    known = tables.us_volumes().get(reporter.name)
    if known is None or not citation.volume:
        return None
    volume, page = int(citation.volume), int(re.sub(r"\D", "", citation.number) or 1)
    if page > known.highest_page or page < 1:
        return Problem(f"no volume of {reporter.name} has a page {page:,}")
    if volume < 1 or volume > _last_volume(known, reporter, today):
        return Problem(f"{reporter.name} has no volume {volume:,}")
    return _volume_year(citation, known, volume)


def _last_volume(known: tables.Volumes, reporter: tables.Reporter, today: date) -> int:
    last, year = known.years[-1]
    return last if reporter.last or last == LAST_OF_SERIES else last + VOLUMES_A_YEAR * max(1, today.year - year + 1)


def _volume_year(citation: Citation, known: tables.Volumes, volume: int) -> Problem | None:
    if citation.year is None or volume > known.years[-1][0]:
        return None
    expected = _year_of(known, volume)
    if abs(expected - citation.year) > YEARS_OFF + _gap(known, volume) // 8:
        return Problem(f"volume {volume} of {citation.source} reports cases of about {expected}, not {citation.year}")
    return None


def _place(known: tables.Volumes, volume: int) -> int:
    return max(0, min(bisect_right(known.years, (volume, 9999)) - 1, len(known.years) - 2))


def _year_of(known: tables.Volumes, volume: int) -> int:
    place = _place(known, volume)
    (low, early), (high, late) = known.years[place : place + 2]
    return round(early + (late - early) * (volume - low) / max(1, high - low))


def _gap(known: tables.Volumes, volume: int) -> int:
    """Years between the pairs around a volume: the longer, the less is known between them."""
    place = _place(known, volume)
    return known.years[place + 1][1] - known.years[place][1]


def _court(citation: Citation) -> Problem | None:
    circuit = _CIRCUIT.match(citation.court)
    if circuit is None:
        if citation.source in _SUPREME and re.search(r"\bCir\.|\bD\. |Ct\. App", citation.court):
            return Problem(f"{citation.source} reports the Supreme Court, not {citation.court}")
        return None if not re.match(r"^\d{1,3}(?:st|nd|rd|th|d) Cir", citation.court) else _no_circuit(citation)
    first = tables.us_circuits().get(circuit["name"])
    if first is None:
        return _no_circuit(citation)
    if citation.year is not None and citation.year < first:
        return Problem(f"the {circuit['name']} Circuit was made in {first}")
    if citation.source in _SUPREME:
        return Problem(f"{citation.source} reports the Supreme Court, not the {circuit['name']} Circuit")
    return None


def _no_circuit(citation: Citation) -> Problem:
    return Problem(f"there is no court of appeals that is cited as {citation.court}")


def statute(citation: Citation, today: date) -> Problem | None:
    short = abbreviation(citation.source)
    if short in {"USC", "USCA", "USCS"}:
        return _title(citation, "the United States Code", USC_TITLES)
    if short == "CFR":
        return _title(citation, "the Code of Federal Regulations", CFR_TITLES)
    if short in {"USConst", "USConstitution"}:
        return _constitution(citation)
    if short in {"PubL", "PublicLaw"}:
        return _congress(citation, today)
    if citation.year is not None and citation.year < CONGRESSES_FROM - 15:
        return Problem(f"no American statute of {citation.year} is cited so")
    return None


def _title(citation: Citation, what: str, highest: int) -> Problem | None:
    if citation.volume and not 1 <= int(citation.volume) <= highest:
        return Problem(f"the titles of {what} go from 1 to {highest}")
    return None


def _constitution(citation: Citation) -> Problem | None:
    match = re.match(r"(?P<what>[Aa]rt|[Aa]mend)\S* (?P<number>[IVXLC]+|\d+)", citation.number)
    if match is None:
        return None
    number = int(match["number"]) if match["number"].isdigit() else _arabic(match["number"])
    highest = ARTICLES if match["what"].lower() == "art" else AMENDMENTS
    if not 1 <= number <= highest:
        return Problem(f"the Constitution has {ARTICLES} articles and {AMENDMENTS} amendments")
    return None


def _arabic(roman: str) -> int:
    values = [_ROMAN[letter] for letter in roman]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < following else value for value, following in pairs)


def _congress(citation: Citation, today: date) -> Problem | None:
    congress, sitting = int(citation.number.partition("-")[0]), (today.year - CONGRESSES_FROM) // 2 + 1
    if not 1 <= congress <= sitting:
        return Problem(f"there was no {congress}th Congress yet")
    return None
