"""Which legal system an authority belongs to."""

from samples.citations import tables
from samples.citations.citation import Citation, Kind
from samples.citations.text import abbreviation

NAMES = {
    "england_wales": "England and Wales",
    "scotland": "Scotland",
    "northern_ireland": "Northern Ireland",
    "uk": "the United Kingdom",
    "us": "the United States",
    "eu": "the European Union",
    "international": "international law",
    "other": "another country",
}
_BY_KIND = {
    Kind.UK_RULES: "england_wales",
    Kind.US_CASE: "us",
    Kind.US_STATUTE: "us",
    Kind.EU_CASE: "eu",
    Kind.EU_ACT: "eu",
    Kind.EU_TREATY: "eu",
    Kind.INT_CASE: "international",
    Kind.INT_TREATY: "international",
    Kind.INT_RESOLUTION: "international",
    Kind.OTHER_CASE: "other",
}
_SUPRANATIONAL = frozenset({"eu", "international"})
_BRITISH = frozenset({"uk", "england_wales", "scotland", "northern_ireland"})
AT_HOME = {
    "england_wales": {"england_wales", "uk"} | _SUPRANATIONAL,
    "scotland": {"scotland", "uk"} | _SUPRANATIONAL,
    "northern_ireland": {"northern_ireland", "uk"} | _SUPRANATIONAL,
    "uk": _BRITISH | _SUPRANATIONAL,
    "us": {"us", "international"},
    "eu": _SUPRANATIONAL,
}
(
    """By jurisdiction, the systems whose authorities bind there or are part of its law. International law "
"takes from all."""
)


def system(citation: Citation) -> str:
    """A key of NAMES, empty where it cannot be told."""
    if citation.kind is Kind.UK_NEUTRAL:
        court = tables.uk_courts().get(abbreviation(citation.source))
        return court.system if court else ""
    if citation.kind is Kind.UK_REPORT:
        entry = tables.series().get(abbreviation(citation.source))
        return entry.system if entry else ""
    if citation.kind in (Kind.UK_ACT, Kind.UK_SI):
        return _of_act(citation.source)
    return _BY_KIND.get(citation.kind, "")


def _of_act(title: str) -> str:
    if "(Scotland)" in title or title == "SSI":
        return "scotland"
    return "northern_ireland" if "(Northern Ireland)" in title else "uk"


def is_foreign(citation: Citation, jurisdiction: str) -> bool:
    found, at_home = system(citation), AT_HOME.get(jurisdiction)
    return bool(found) and at_home is not None and found not in at_home
