"""The one table from error kind to verdict: who is to blame, what is suspended, whether to ask again."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from providers.llm.errors import ErrorKind
from providers.routing.seconds import DAY_S, HOUR_S, MINUTE_S


class Scope(StrEnum):
    """What a fault speaks against: nothing, the route alone, or the provider with all its models."""

    NOTHING = "nothing"
    ROUTE = "route"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one fault means.

    ``suspends``: the scope whose breaker counts it; ``opens_after`` such faults in a row open it for ``open_s``
    seconds, doubled per opening up to ``max_open_s``. ``blames_item``: it counts against the item's own budget.
    ``asks_again``: the same route may be called once more. ``is_outage``: two of these at one provider move the item
    to the next. ``is_refusal``: the server works and refuses the request; whether the item or the route is at fault is
    learnt from whether others pass there.
    """

    suspends: Scope
    opens_after: int = 1
    open_s: float = 30.0
    max_open_s: float = 15 * MINUTE_S
    blames_item: bool = False
    asks_again: bool = False
    is_outage: bool = False
    is_refusal: bool = False


_OUTAGE = Verdict(Scope.ROUTE, opens_after=3, asks_again=True, is_outage=True)
_REFUSAL = Verdict(Scope.ROUTE, opens_after=3, open_s=HOUR_S, max_open_s=HOUR_S, blames_item=True, is_refusal=True)

VERDICTS: Mapping[ErrorKind, Verdict] = {
    ErrorKind.AUTH: Verdict(Scope.PROVIDER, open_s=DAY_S, max_open_s=7 * DAY_S),
    ErrorKind.BILLING: Verdict(Scope.PROVIDER, open_s=HOUR_S, max_open_s=DAY_S),
    ErrorKind.FORBIDDEN: Verdict(Scope.PROVIDER, open_s=HOUR_S, max_open_s=DAY_S),
    ErrorKind.NOT_FOUND: Verdict(Scope.ROUTE, open_s=6 * HOUR_S, max_open_s=7 * DAY_S),
    ErrorKind.RATE_LIMITED: Verdict(Scope.NOTHING, asks_again=True),
    ErrorKind.TIMEOUT: _OUTAGE,
    ErrorKind.CONNECTION: _OUTAGE,
    ErrorKind.SERVER: _OUTAGE,
    ErrorKind.BAD_REQUEST: _REFUSAL,
    ErrorKind.CONTEXT_LENGTH: _REFUSAL,
    ErrorKind.CONTENT_REFUSED: Verdict(Scope.NOTHING, blames_item=True),
    ErrorKind.BAD_OUTPUT: Verdict(Scope.NOTHING, blames_item=True, asks_again=True),
}

# When several of its models fall with no good answer between them, it may be the vendor: one call finds out.
PROVIDER_OUTAGE = Verdict(Scope.PROVIDER, opens_after=3)
OUTAGES = frozenset(kind for kind, verdict in VERDICTS.items() if verdict.is_outage)
REFUSALS = frozenset(kind for kind, verdict in VERDICTS.items() if verdict.is_refusal)
