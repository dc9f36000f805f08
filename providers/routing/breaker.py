"""The circuit breaker of a scope, as numbers: closed -> open -> half-open with one probe -> closed or open again."""

from dataclasses import dataclass

from providers.routing.seconds import DAY_S, HOUR_S

REMEMBERED_S = DAY_S
"""Failures are forgotten this long after the last one, or after the deadline that it set."""
REASON_CHARS = 300
HISTORY = 40
RATE_CALLS = 20
RATE_SHARE = 0.5
"""Of the last HISTORY outcomes since the first failure, from RATE_CALLS on, this share of failures opens it too."""
SEVERAL = "*"
"""Stands for the item where several have failed in a row."""
GOOD_FOR_S = 600.0
"""A good answer speaks for its route so long."""
FAILING_FOR_S = HOUR_S
FAILING_OFTEN = 4
"""From so many failures on an item that fails where others passed is at fault, whoever else fails there too."""
FAILING_MOST = 4000
LAST_RESORT_S = 30.0
"""Where nothing else can work, a route that had an outage is probed so long after its last failure."""
TURN_S = 1.0
"""So long a provider's probe is left to the model whose turn it is."""
TURNS = 64


@dataclass(frozen=True, slots=True)
class Trip:
    """When to open, and for how long: ``open_ms`` the first time, doubled per opening up to ``max_open_ms``.

    ``opens_after`` counts failures in a row; where it is more than one, a high rate of failures opens too.
    """

    opens_after: int
    open_ms: int
    max_open_ms: int


def brief(reason: str) -> str:
    """Words that fit a list and that the store can encode."""
    return reason[:REASON_CHARS].encode("utf-8", "replace").decode()
