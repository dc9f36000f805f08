"""Neutral citations, reports, acts and instruments of the United Kingdom, and cases of other common law countries."""

import re
from datetime import date

from samples.citations import tables
from samples.citations.citation import Citation
from samples.citations.judging.problem import Problem
from samples.citations.text import abbreviation

PAGES_MAX = 7_000
VOLUMES_A_YEAR = 8
FIRST_ACT = 1215
FIRST_INSTRUMENT = 1894
"""Statutory Rules and Orders are numbered from 1894, Statutory Instruments from 1948."""
FIRST_NUMBERED_INSTRUMENT = 1948
INSTRUMENTS_MAX = 5_000
CPR_PARTS = 89
FPR_PARTS = 41
CRIMPR_PARTS = 50
_PARTS = {"CPR": CPR_PARTS, "FPR": FPR_PARTS, "CrimPR": CRIMPR_PARTS, "RSC": 115}
NORTHERN_IRELAND = 1921
HOLYROOD = 1999


def neutral(citation: Citation, today: date) -> Problem | None:
    court = tables.uk_courts().get(abbreviation(citation.source))
    year = citation.year or 0
    if court is None:
        return Problem(f"no court is cited as {citation.source}")
    if year < court.first:
        return _too_early(court, year)
    if court.last is not None and year > court.last:
        return Problem(f"the {court.name} gave its last neutral citations ({court.code}) in {court.last}")
    return _number(citation, court) or _division(citation, court)


def _too_early(court: tables.Court, year: int) -> Problem:
    if court.renumbered_from is not None and year >= court.renumbered_from:
        says = f"numbers of the {court.name} ({court.code}) before {court.first} were given later, by BAILII"
        return Problem(f"{says}: cite the report", is_certain=False)
    return Problem(f"neutral citations of the {court.name} ({court.code}) begin in {court.first}")


def _number(citation: Citation, court: tables.Court) -> Problem | None:
    digits = re.sub(r"\D.*", "", citation.number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    if digits and not 1 <= int(digits) <= court.most and "_" not in citation.number:
        return Problem(f"the {court.name} ({court.code}) never gave {int(digits):,} judgments in a year")
    return None


def _division(citation: Citation, court: tables.Court) -> Problem | None:
    known = {code: span for (of, code), span in tables.uk_divisions().items() if of == court.code}
    if not citation.court or not known:
        return None
    span = known.get(citation.court.lower())
    if span is None:
        return Problem(f"{court.code} has no division or list that is cited as ({citation.court})")
    if not span[0] <= (citation.year or 0) <= (span[1] or 9999):
        return Problem(f"{court.code} ({citation.court}) is not cited in {citation.year}")
    return None


def report(citation: Citation, today: date) -> Problem | None:
    entry = tables.series().get(abbreviation(citation.source))
    if entry is None:
        return None
    if citation.year is not None and not _within(citation.year, entry, round_bracket=_is_round(citation)):
        spans = " and ".join(f"{first} to {last}" if last else f"{first} on" for first, last in entry.years)
        return Problem(f"{entry.name} reports the years {spans}")
    return _page(citation) or _volume(citation, entry)


def _is_round(citation: Citation) -> bool:
    return "(" in citation.raw and "[" not in citation.raw


def _within(year: int, entry: tables.Series, *, round_bracket: bool) -> bool:
    """A year in round brackets is that of the judgment, which the report may follow."""
    slack = 3 if round_bracket else 0
    return any(first - slack <= year <= (last or 9999) for first, last in entry.years)


def _page(citation: Citation) -> Problem | None:
    digits = re.sub(r"\D", "", citation.number)
    if digits and int(digits) > PAGES_MAX and citation.source not in {"All ER (D)", "ECR", "ECR-SC"}:
        return Problem(f"no volume of {citation.source} has a page {int(digits):,}")
    return None


def _volume(citation: Citation, entry: tables.Series) -> Problem | None:
    """Series by the year alone have few volumes in each."""
    if entry.styles == {"square"} and citation.volume and int(citation.volume) > VOLUMES_A_YEAR:
        return Problem(f"{citation.source} has no volume {citation.volume} in {citation.year}")
    return None


def act(citation: Citation, today: date) -> Problem | None:
    year = citation.year or 0
    if year < FIRST_ACT:
        return Problem(f"no act of {year} is cited by its name")
    if "Northern Ireland" in citation.source and year < NORTHERN_IRELAND:
        return Problem("Northern Ireland has acts of its own from 1921 on")
    return _known_title(citation)


def _known_title(citation: Citation) -> Problem | None:
    title = citation.source.lower().rpartition(" ")[0]
    years = tables.act_years().get(title)
    if years and citation.year not in years:
        listed = ", ".join(map(str, years))
        return Problem(f"the {citation.source.rpartition(' ')[0]} that is known is of {listed}", is_certain=False)
    return None


def instrument(citation: Citation, today: date) -> Problem | None:
    year = citation.year or 0
    is_numbered = citation.source in {"SI", "SSI", "WSI", "SR", "NISR", "SR&O", "SR & O"}
    first = {"SI": FIRST_NUMBERED_INSTRUMENT, "SSI": HOLYROOD, "WSI": HOLYROOD}.get(citation.source, FIRST_INSTRUMENT)
    if year < first:
        return Problem(f"{citation.source if is_numbered else 'such an instrument'} begins in {first}")
    if citation.number and not 1 <= int(re.sub(r".*/", "", citation.number)) <= INSTRUMENTS_MAX:
        return Problem(f"there were never {INSTRUMENTS_MAX:,} statutory instruments in a year")
    return None


def rules(citation: Citation, today: date) -> Problem | None:
    part = re.match(r"\d{1,3}", citation.number)
    highest = _PARTS.get(citation.source)
    if part and highest and not 1 <= int(part.group()) <= highest:
        return Problem(f"the parts of the {citation.source} go from 1 to {highest}")
    return None


def foreign(citation: Citation, today: date) -> Problem | None:
    first = tables.foreign_courts().get(citation.source)
    if first is not None and (citation.year or 9999) < first:
        return Problem(f"neutral citations of {citation.source} begin in {first}", is_certain=False)
    return None if first is not None else report(citation, today)


def unknown(citation: Citation, today: date) -> Problem | None:
    return Problem(f"no court or series of reports is known as {citation.source}", is_certain=False)
