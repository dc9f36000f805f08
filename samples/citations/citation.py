"""A citation as structured data. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    UK_NEUTRAL = "uk_neutral"
    UK_REPORT = "uk_report"
    UK_ACT = "uk_act"
    UK_SI = "uk_si"
    UK_RULES = "uk_rules"
    US_CASE = "us_case"
    US_STATUTE = "us_statute"
    EU_CASE = "eu_case"
    EU_ACT = "eu_act"
    EU_TREATY = "eu_treaty"
    INT_CASE = "int_case"
    INT_TREATY = "int_treaty"
    INT_RESOLUTION = "int_resolution"
    OTHER_CASE = "other_case"
    UNKNOWN = "unknown"

    @property
    def is_case(self) -> bool:
        return self in CASES

    @property
    def words(self) -> str:
        """As people read it."""
        system, _, what = self.value.partition("_")
        kinds = {"neutral": "neutral citation", "report": "law report", "si": "statutory instrument"}
        systems = {"uk": "UK", "us": "US", "eu": "EU", "int": "international"}
        return f"{systems.get(system, system)} {kinds.get(what, what)}".strip()


CASES = {
    Kind.UK_NEUTRAL,
    Kind.UK_REPORT,
    Kind.US_CASE,
    Kind.EU_CASE,
    Kind.INT_CASE,
    Kind.OTHER_CASE,
    Kind.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Citation:
    """One authority as it is cited in a text, ``text[start:end] == raw``.

    ``source`` is the court, series, code, act or treaty by its usual abbreviation, and ``court`` what stands in
    parentheses behind the number, as "Ch" or "11th Cir.". ``number`` is that of the case or the first page.
    ``key`` names the authority whatever it is called and wherever in it the pinpoint is. A parallel one stands behind
    another citation of the same case.
    """

    kind: Kind
    start: int
    end: int
    key: str
    raw: str = ""
    source: str = ""
    court: str = ""
    year: int | None = None
    volume: str = ""
    number: str = ""
    pinpoint: str = ""
    parties: str = ""
    is_parallel: bool = False
