"""What a batch may spend: the arithmetic of its caps, and the words for a cap that is reached."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from providers.llm.types import Usage
from providers.routing.call import cost
from providers.routing.explaining.money import money
from providers.routing.route import Route

MONEY_STEP = Decimal("0.00000001")  # the smallest amount that a row can hold


@dataclass(frozen=True, slots=True)
class Spend:
    """Tokens, and money in US dollars, as the models' prices are."""

    tokens: int = 0
    cost: Decimal = Decimal(0)

    @property
    def rounded_up(self) -> "Spend":
        """Something, in amounts that rows can hold: never less than what was meant. Every call takes a token."""
        return Spend(max(1, self.tokens), max(Decimal(0), self.cost.quantize(MONEY_STEP, ROUND_CEILING)))


@dataclass(frozen=True, slots=True)
class Cap:
    """One cap, in tokens or in money, and what stands against it."""

    limit: Decimal
    spent: Decimal
    reserved: Decimal
    per_item: Decimal

    def room(self, wanted: int) -> int:
        """How many of ``wanted`` further items fit. What costs nothing fits as long as anything is left."""
        left = self.limit - self.spent - self.reserved
        if left <= 0:
            return 0
        return int(min(Decimal(wanted), left // self.per_item)) if self.per_item else wanted


@dataclass(frozen=True, slots=True)
class SpendingGuard:
    """A batch's caps (None: none), what its calls have spent, and what is reserved for its items in work."""

    token_cap: int | None
    cost_cap: Decimal | None
    spent: Spend = Spend()
    reserved: Spend = Spend()

    def room(self, per_item: Spend, wanted: int) -> int:
        """How many of ``wanted`` further items every cap leaves room for."""
        caps = (self._token_cap(per_item), self._cost_cap(per_item))
        return min(wanted, *(cap.room(wanted) if cap else wanted for cap in caps))

    def is_reached(self, per_item: Spend) -> bool:
        """Whether not even one more item fits."""
        return self.room(per_item, 1) == 0

    def problems(self, per_item: Spend) -> dict[str, str]:
        """Each cap that leaves no room, by its field, with the numbers in words."""
        found: dict[str, str] = {}
        token_cap, cost_cap = self._token_cap(per_item), self._cost_cap(per_item)
        if token_cap and not token_cap.room(1):
            needed = f" and the next sample needs about {int(_about(token_cap.per_item)):,}" if per_item.tokens else ""
            used = f"{self.spent.tokens:,} are used{needed}."
            found["token_cap"] = f"Its cap of {self.token_cap:,} tokens is reached: {used}"
        if cost_cap and not cost_cap.room(1):
            needed = f" and the next sample costs about {money(_about(cost_cap.per_item))}" if per_item.cost else ""
            used = f"{money(self.spent.cost)} is spent{needed}."
            found["cost_cap"] = f"Its cost cap of {money(cost_cap.limit)} is reached: {used}"
        return found

    def _token_cap(self, per_item: Spend) -> Cap | None:
        if self.token_cap is None:
            return None
        numbers = (self.token_cap, self.spent.tokens, self.reserved.tokens, per_item.tokens)
        return Cap(*(Decimal(number) for number in numbers))

    def _cost_cap(self, per_item: Spend) -> Cap | None:
        if self.cost_cap is None:
            return None
        return Cap(self.cost_cap, self.spent.cost, self.reserved.cost, per_item.cost)


def expected_spend(usage: Usage, routes: Iterable[Route]) -> Spend:
    """What a call of this usage takes of the caps, at the dearest of the routes that may be called.

    For ``SpendingGuard.room``: without money in it, a cost cap would let everything pass until it is booked.
    """
    costs = (cost(route.model, usage) for route in routes)
    return Spend(usage.total_tokens, max((known for known in costs if known is not None), default=Decimal(0)))


def _about(number: Decimal) -> Decimal:
    """Two digits of it, rounded up."""
    if not number:
        return number
    step = Decimal(1).scaleb(number.adjusted() - 1)
    return (number / step).to_integral_value(ROUND_CEILING) * step
