"""Cases and acts of the European Union."""

import re
from datetime import date

from samples.citations.citation import Citation
from samples.citations.judging import international, uk
from samples.citations.judging.problem import Problem

COURTS = {"C": (1989, None, 1_100), "T": (1989, None, 1_700), "F": (2005, 2016, 250)}
"""First and last year of the prefix, and a number that no year reached."""
OLD_CASES = (1953, 1989, 900)
ECLI_FIRST = {"C": 1954, "T": 1989, "F": 2005}
FIRST_ACT = 1952
ACTS_MAX = 12_000
UNIONS = {"EEC": (1958, 1994), "EC": (1993, 2009), "EU": (2009, None), "JHA": (1993, 2010), "ECSC": (1952, 2002)}


def case(citation: Citation, today: date) -> Problem | None:
    if citation.source == "ECLI":
        return _ecli(citation)
    if citation.source == "CELEX":
        return act(citation, today)
    if citation.source in {"Opinion", "Ruling"}:
        return None
    match = re.match(r"(?:(?P<court>[CTF])-)?(?P<number>\d{1,4})/\d\d", citation.number)
    return _case(citation, match["court"], int(match["number"])) if match else uk.report(citation, today)


def _case(citation: Citation, court: str | None, number: int) -> Problem | None:
    first, last, most = COURTS[court] if court else OLD_CASES
    year = citation.year or first
    name = f"{court}- numbers" if court else "case numbers without C- or T-"
    if year < first:
        return Problem(f"{name} begin in {first}")
    if last is not None and year > last:
        return Problem(f"{name} end in {last}")
    if not 1 <= number <= most:
        return Problem(f"the Court never had {number:,} cases in a year")
    return None


def _ecli(citation: Citation) -> Problem | None:
    first = ECLI_FIRST.get(citation.court)
    if first is None:
        return Problem(f"the Union has no court {citation.court} in ECLI", is_certain=False)
    if (citation.year or first) < first:
        return Problem(f"EU:{citation.court} begins in {first}")
    if not citation.number.isdigit() or not 1 <= int(citation.number) <= 2_500:
        return Problem(f"EU:{citation.court} never came to number {citation.number} in a year")
    return None


def act(citation: Citation, today: date) -> Problem | None:
    year = citation.year or today.year
    if year < FIRST_ACT:
        return Problem(f"acts of the Union and its Communities begin in {FIRST_ACT}")
    digits = re.sub(r"\D", "", citation.number)
    if citation.source != "CELEX" and digits and not 1 <= int(digits) <= ACTS_MAX:
        return Problem(f"the Union never made {ACTS_MAX:,} acts in a year")
    return _union(citation, year) or international.article(citation)


def _union(citation: Citation, year: int) -> Problem | None:
    first, last = UNIONS.get(citation.court, (FIRST_ACT, None))
    if year < first or (last is not None and year > last):
        span = f"from {first} to {last}" if last else f"from {first} on"
        return Problem(f"({citation.court}) stands in acts {span}, not in {year}")
    return None
