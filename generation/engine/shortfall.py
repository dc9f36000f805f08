"""What a batch did not make of what was ordered, and why. Pure: numbers in, sentences out."""

from dataclasses import dataclass

MOSTLY_MAX = 2


@dataclass(frozen=True, slots=True)
class Reason:
    """Why items failed: a rule of quality by its name, or how a call ended; ``name`` is for people.

    ``items`` failed with it, after so many ``answers`` or calls; the example is one of them. An item may have several.
    """

    code: str
    name: str
    items: int
    answers: int
    example_item: int
    example: str


@dataclass(frozen=True, slots=True)
class Shortfall:
    """``short`` samples of ``count`` are missing for good; the commonest reason comes first, and reasons were looked up
    for ``counted`` of them."""

    count: int
    made: int
    short: int
    counted: int
    reasons: tuple[Reason, ...]

    @property
    def words(self) -> str:
        """``18 of 20 samples made, 2 short: mostly too few words``."""
        told = f"{self.made:,} of {self.count:,} samples made, {self.short:,} short"
        names = [reason.name.lower() for reason in self.reasons[:MOSTLY_MAX] if reason.items * 2 >= self.counted]
        if not names:
            return f"{told}, for many reasons" if self.reasons else told
        return f"{told}: {'mostly ' if len(self.reasons) > len(names) else ''}{' and '.join(names)}"
