"""How a citation stands against a list of authorities that exist."""

from collections.abc import Collection
from enum import StrEnum

from samples.citations.parties import are_same


class Standing(StrEnum):
    """``other_name``: the number is that of another case, the commonest invention of models."""

    UNCOMPARED = "uncompared"
    KNOWN = "known"
    UNKNOWN = "unknown"
    OTHER_NAME = "other_name"


def standing(parties: str, names: Collection[str] | None) -> Standing:
    """``names``: what the list calls the authorities of the citation's key, None where it has none of them.

    Where either side has no name, the number alone decides.
    """
    if names is None:
        return Standing.UNKNOWN
    if not parties or not all(names):
        return Standing.KNOWN
    return Standing.KNOWN if any(are_same(parties, name) for name in names) else Standing.OTHER_NAME
