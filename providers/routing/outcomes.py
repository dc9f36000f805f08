"""How an item's failover may end: a model answered, or one type for each reason why none did."""

from dataclasses import dataclass
from typing import ClassVar

from providers.llm.types import Completion
from providers.routing.route import Route


@dataclass(frozen=True, slots=True)
class Answer:
    """A model answered. Whether the answer is any good is for the caller to judge."""

    completion: Completion
    route: Route


@dataclass(frozen=True, slots=True)
class PutBack:
    """The item goes back, and is not to be taken up again for ``seconds``."""

    reason: str
    seconds: float


@dataclass(frozen=True, slots=True)
class BudgetUsedUp:
    """The item has had as many faults of its own as it may: it fails."""

    reason: str


@dataclass(frozen=True, slots=True)
class TooLong:
    """No route takes so long a prompt: the item fails."""

    reason: ClassVar[str] = "The prompt is longer than the context window of every model that may be asked."


@dataclass(frozen=True, slots=True)
class NoRoute:
    """No route can work now, for any item; ``retry_after_s`` is when to look again, where that is known."""

    reason: str
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Stopped:
    """Nothing new may start: the item goes back as it came."""


@dataclass(frozen=True, slots=True)
class AtCap:
    """What may be spent leaves no room for a further call: the item goes back as it came."""


Unanswered = PutBack | BudgetUsedUp | TooLong | NoRoute | Stopped | AtCap
