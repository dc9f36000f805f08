"""Why a citation cannot be right."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """``says`` is a clause without a full stop. Where it is not certain, the citation may be right all the same."""

    says: str
    is_certain: bool = True
