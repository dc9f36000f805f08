"""Money as people read it, wherever it is shown: in US dollars, with at most four digits; and what is unknown of it."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal

CURRENCY = "USD"
SIGN = "$"
DIGITS = 4
NOT_KNOWN = "not known"
_ALL = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Spending:
    """What calls cost: ``known`` is the sum where the cost is known, ``unpriced`` counts the calls where it is not."""

    known: Decimal = Decimal(0)
    unpriced: int = 0

    @property
    def is_known(self) -> bool:
        """At least in part. Where nothing was called, nothing was spent."""
        return bool(self.known) or not self.unpriced

    @property
    def words(self) -> str:
        """``$0.0123``, ``at least $0.0123, 12 calls have no known cost`` or ``not known``."""
        if not self.is_known:
            return NOT_KNOWN
        if not self.unpriced:
            return money(self.known)
        lacking = "1 call has" if self.unpriced == 1 else f"{self.unpriced:,} calls have"
        return f"at least {money(self.known, rounding=ROUND_DOWN)}, {lacking} no known cost"

    @property
    def number(self) -> float | None:
        """For programs; None where nothing is known."""
        return float(self.known) if self.is_known else None


def money(amount: Decimal | float, *, digits: int = DIGITS, rounding: str = ROUND_HALF_EVEN) -> str:
    """``$0.0123``, ``$2.50``, ``$12,340``: cents are shown as far as ``digits`` go."""
    exact = Decimal(str(amount))
    if not exact:
        return f"{SIGN}0"
    step = Decimal(1).scaleb(exact.adjusted() - digits + 1)
    rounded = exact.quantize(step, rounding=rounding, context=_ALL)
    places = max(0, digits - 1 - rounded.adjusted())
    text = f"{rounded:,.{places}f}"
    if "." in text:
        whole, _, part = text.rstrip("0").partition(".")
        text = f"{whole}.{part.ljust(min(2, places), '0')}" if part or places >= 2 else whole
    return f"{SIGN}{text.removesuffix('.00')}"
