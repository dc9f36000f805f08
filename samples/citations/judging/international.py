"""International courts, treaties and resolutions."""

import re
from datetime import date

from samples.citations import tables
from samples.citations.citation import Citation
from samples.citations.judging import uk
from samples.citations.judging.problem import Problem

FIRST = {
    "ICJ Rep": 1947,
    "ECtHR": 1955,
    "ICSID": 1972,
    "PCA": 1902,
    "ICTY": 1994,
    "ICTR": 1995,
    "SCSL": 2003,
    "ITLOS": 1997,
}
LAST = {"ICTY": 1999, "ICTR": 2005, "SCSL": 2012}
"""The last year that stands in a case number of the tribunal."""
PCIJ_YEARS = (1922, 1946)
UNTS_MAX = 3_600
UNSC_A_YEAR = 80
UNSC_KNOWN = (2_762, 2024)
"""The number of the last resolution of a year."""
UNGA_FIRST = 1946
FIRST_NUMBERED_SESSION = 31
"""Before it, resolutions have the session in Roman figures behind their number."""
WTO_DISPUTES = 700


def case(citation: Citation, today: date) -> Problem | None:
    first, last = FIRST.get(citation.source), LAST.get(citation.source)
    if citation.year is not None and first is not None and citation.year < first:
        return Problem(f"{citation.source} begins in {first}")
    if citation.year is not None and last is not None and citation.year > last:
        return Problem(f"{citation.source} has no case of {citation.year}")
    if citation.source.startswith("PCIJ") and citation.year is not None:
        return _pcij(citation.year)
    if citation.source == "WTO" and (number := re.search(r"DS(\d+)", citation.number)):
        is_too_high = int(number[1]) > WTO_DISPUTES or int(number[1]) < 1
        return Problem("the WTO has not had so many disputes") if is_too_high else None
    return uk.report(citation, today)


def _pcij(year: int) -> Problem | None:
    first, last = PCIJ_YEARS
    return None if first <= year <= last else Problem(f"the PCIJ sat from {first} to {last}")


def treaty(citation: Citation, today: date) -> Problem | None:
    """The highest article is looked at in its first number alone."""
    if citation.volume and int(citation.volume) > UNTS_MAX:
        return Problem(f"the United Nations Treaty Series has no volume {int(citation.volume):,}")
    known = tables.named_by_key().get(citation.key)
    if known is None:
        return None if citation.source not in tables.series() else uk.report(citation, today)
    if problem := article(citation):
        return problem
    if citation.year is not None and citation.year < known.year - 1:
        return Problem(f"the {known.name} is of {known.year}")
    return None


def article(citation: Citation) -> Problem | None:
    """The first article that is cited, against the highest of the treaty or act."""
    known = tables.named_by_key().get(citation.key)
    cited = re.search(r"\b[Aa]rt(?:icle)?s?\.? ?(\d{1,4})", citation.pinpoint)
    if known and cited and known.articles and not 1 <= int(cited[1]) <= known.articles:
        return Problem(f"the articles of the {known.name} go from 1 to {known.articles}")
    return None


def resolution(citation: Citation, today: date) -> Problem | None:
    if citation.source == "UNSC":
        return _security_council(citation, today)
    session = re.match(r"(\d{1,3})/\d", citation.number) if citation.source == "UNGA" else None
    if session and not FIRST_NUMBERED_SESSION <= int(session[1]) <= today.year - UNGA_FIRST + 1:
        return Problem(f"there was no session {session[1]} of the General Assembly that numbered so")
    return None


def _security_council(citation: Citation, today: date) -> Problem | None:
    number, (known, year) = int(citation.number), UNSC_KNOWN
    if not 1 <= number <= known + UNSC_A_YEAR * max(1, today.year - year):
        return Problem(f"the Security Council has made no resolution {number:,}")
    if citation.year is not None and not 1946 <= citation.year <= today.year:
        return Problem("the Security Council began in 1946")
    return None
