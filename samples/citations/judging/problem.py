"""Why a citation cannot be right."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """``says`` is a clause without a full stop. Where it is not certain, the citation may be right all the same."""

    says: str
    is_certain: bool = True


def range_problem(what: str, number: int, highest: int | None) -> Problem | None:
    if highest is not None and not 1 <= number <= highest:
        return Problem(f"{what} go from 1 to {highest:,}")
    return None
