"""What limits count: units, and how much of each one call takes."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

MILLIONTHS = 1_000_000
"""Money is counted in whole millionths of the currency."""


class Unit(StrEnum):
    """UNCACHED: tokens without those of the prompt that the vendor had in its cache."""

    REQUESTS = "requests"
    TOKENS = "tokens"
    INPUT = "input"
    OUTPUT = "output"
    UNCACHED = "uncached"
    MONEY = "money"

    @property
    def words(self) -> str:
        return UNIT_WORDS.get(self, self.value)

    @property
    def short(self) -> str:
        return SHORT.get(self, self.value[:3])


SHORT = {Unit.INPUT: "in", Unit.OUTPUT: "out", Unit.MONEY: "$"}
UNIT_WORDS = {
    Unit.INPUT: "input tokens",
    Unit.OUTPUT: "output tokens",
    Unit.UNCACHED: "uncached tokens",
    Unit.MONEY: "US dollars",
}


@dataclass(frozen=True, slots=True)
class Amounts:
    """One request's tokens and money, expected or used. ``cached`` are some of ``input``; ``money`` is in millionths, 0
    where no price is known."""

    input: int = 0
    output: int = 0
    cached: int = 0
    money: int = 0

    def of(self, unit: Unit) -> int:
        return max(self._of(unit), 0)

    def _of(self, unit: Unit) -> int:
        match unit:
            case Unit.REQUESTS:
                return 1
            case Unit.TOKENS:
                return self.input + self.output
            case Unit.INPUT:
                return self.input
            case Unit.OUTPUT:
                return self.output
            case Unit.UNCACHED:
                return self.input + self.output - min(self.cached, self.input)
            case Unit.MONEY:
                return self.money


NOTHING = Amounts()


def millionths(money: Decimal) -> int:
    """Rounded up, so that a limit is never exceeded by what was rounded off."""
    return int((money * MILLIONTHS).to_integral_value(ROUND_CEILING))


def number_words(unit: Unit, amount: int) -> str:
    """``8,000``; money in the currency's own units: ``2.50``."""
    if unit is not Unit.MONEY:
        return f"{amount:,}"
    whole, _, part = f"{amount / MILLIONTHS:,.6f}".rstrip("0").partition(".")
    return f"{whole}.{part:0<2}" if part else whole


def amount_words(unit: Unit, amount: int) -> str:
    """``8,000 input tokens``, ``2.50 US dollars``."""
    return f"{number_words(unit, amount)} {unit.words}"
