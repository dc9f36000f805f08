"""Whether a citation can exist: by years, courts, series and numbers, never by what it is about."""

from collections.abc import Callable
from datetime import date

from samples.citations.citation import Citation, Kind
from samples.citations.judging import eu, international, inventions, uk, us
from samples.citations.judging.problem import Problem

Judge = Callable[[Citation, date], Problem | None]
JUDGES: dict[Kind, Judge] = {
    Kind.UK_NEUTRAL: uk.neutral,
    Kind.UK_REPORT: uk.report,
    Kind.UK_ACT: uk.act,
    Kind.UK_SI: uk.instrument,
    Kind.UK_RULES: uk.rules,
    Kind.US_CASE: us.case,
    Kind.US_STATUTE: us.statute,
    Kind.EU_CASE: eu.case,
    Kind.EU_ACT: eu.act,
    Kind.EU_TREATY: international.treaty,
    Kind.INT_CASE: international.case,
    Kind.INT_TREATY: international.treaty,
    Kind.INT_RESOLUTION: international.resolution,
    Kind.OTHER_CASE: uk.foreign,
    Kind.UNKNOWN: uk.unknown,
}


def possible(citation: Citation, today: date) -> Problem | None:
    """What speaks against the citation, None where nothing does. A possible one need not exist."""
    if citation.year is not None and citation.year > today.year:
        return Problem(f"the year {citation.year} is still to come")
    return inventions.known(citation) or JUDGES[citation.kind](citation, today)
