"""One call as the ledger keeps it: a plain value, without key or address, so that it may be written anywhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from providers.llm.errors import ErrorKind
from providers.llm.types import Usage
from providers.routing.config import ModelEntry
from providers.routing.limits.amounts import Amounts, millionths

PRICED_TOKENS = 1_000_000


@dataclass(frozen=True, slots=True)
class Call:
    """One call that was made.

    ``id`` is made before the call leaves: written twice, it counts once. ``kind`` is None where it went well,
    ``answer`` is the text that was not accepted, ``is_switch`` says that the item came here from another route after a
    fault, and ``cost`` is in US dollars, None where the prices are not known. ``model_answered`` is
    what the vendor calls the model that answered. ``rules`` are those that the answer broke, by name, each with what it
    found.
    """

    id: UUID
    provider_id: str
    model_id: str
    started_at: datetime
    latency_s: float = 0.0
    kind: ErrorKind | None = None
    status: int | None = None
    detail: str = ""
    answer: str = ""
    usage: Usage = field(default_factory=Usage)
    is_switch: bool = False
    cost: Decimal | None = None
    model_answered: str = ""
    rules: Mapping[str, str] = field(default_factory=dict)

    @property
    def route_key(self) -> str:
        return f"{self.provider_id}/{self.model_id}"

    @property
    def fault_words(self) -> str:
        """Which route failed, and how."""
        return f"{self.route_key}: {self.kind}: {self.detail}".strip(": ")

    def rejected(self, problems: tuple[str, ...], text: str, rules: Mapping[str, str]) -> Self:
        """The same call, whose answer was not good enough."""
        return replace(self, kind=ErrorKind.BAD_OUTPUT, detail="; ".join(problems), answer=text, rules=dict(rules))


def amounts(usage: Usage, cost: Decimal | None) -> Amounts:
    """What the call took of limits; a cost that is not known counts as nothing."""
    money = millionths(cost) if cost else 0
    return Amounts(usage.prompt_tokens, usage.completion_tokens, usage.cached_tokens, money)


def cost(model: ModelEntry, usage: Usage) -> Decimal | None:
    """What the tokens cost at the model's prices; None where a price is not known.

    Cached tokens cost what others do where they have no price of their own; thinking costs what answers do.
    """
    if model.input_price is None or model.output_price is None:
        return None
    cached_price = model.input_price if model.cached_input_price is None else model.cached_input_price
    uncached = usage.prompt_tokens - usage.cached_tokens
    prompt = uncached * model.input_price + usage.cached_tokens * cached_price
    return (prompt + usage.completion_tokens * model.output_price) / PRICED_TOKENS
