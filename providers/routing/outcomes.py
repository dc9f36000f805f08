"""How one request to the gateway may end: answered, to be asked later, or given up."""

from dataclasses import dataclass

from providers.llm.types import Completion
from providers.routing.route import Route


@dataclass(frozen=True, slots=True)
class Answer:
    """A model answered. Whether the answer is any good is for the caller to judge."""

    completion: Completion
    route: Route


@dataclass(frozen=True, slots=True)
class Wait:
    """No call left, and none should for this item for ``seconds``."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    """No further call is worth making now.

    ``exhausted``: the item's own budget is used up, so the item fails; else no route can work now, the item goes back,
    and ``retry_after_s`` says when to look again, where that is known.
    """

    reason: str
    exhausted: bool
    retry_after_s: float | None
