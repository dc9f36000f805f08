"""What is asked of the shared store, and what it answers.

StoreUnavailable
    the server is away, still loading, or refuses to write. Anything else that it answers is a bug and stays what it is.
    StoreLost
        it answers, but has lost its data: what may leave is not known until the budgets are restored.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import uuid4

from providers.llm.errors import ErrorKind
from providers.routing.limits.amounts import NOTHING, Amounts
from providers.routing.limits.budget import Bucket, Reservation
from providers.routing.limits.ramp import COLD_CALLS
from providers.routing.limits.urgency import Urgency

CALL_LEASE_S = 25.0
"""A call whose worker died frees its places, and a probe's, after this long; while it is under way they are renewed."""


class StoreUnavailable(Exception):  # noqa: N818 - the name of a state that callers wait out
    """The shared store cannot be reached: no call may leave until it can."""


class StoreLost(StoreUnavailable):
    """The shared store is empty: budgets must be restored from the ledger before a call may leave."""

    def __init__(self) -> None:
        super().__init__("The shared store is empty; budgets are being restored.")


class StoreForeign(StoreUnavailable):
    """Another installation's limits and suspensions stand under the prefix: nothing may be counted among them."""

    def __init__(self, prefix: str) -> None:
        super().__init__(
            f"What stands in Redis under {prefix} is another installation's, so no call leaves. Set another KEY_PREFIX "
            f"for one of the two; where this database has taken the other's place, delete {prefix}:installation."
        )


class Unknown(StrEnum):
    """Why nothing is known of what would keep a call from leaving."""

    AWAY = "away"
    EMPTY = "empty"


class Obstacle(StrEnum):
    """What keeps a call from leaving.

    OUTDATED: the caller goes by a configuration from before a change. HELD: the vendor said to wait. RESTING: the store
    had lost its data, and limits per minute are waited out. BUSY: all places are taken. IN_DOUBT: another model was
    refused, and one call finds out whether the whole account is full. PACED: an even pace puts the call off. OUTRANKED:
    there is room, and a call of a more urgent batch waits for it. OVER_SHARE: there is room, and a batch waits for it
    that was given less.
    """

    SUSPENDED = "suspended"
    OUTDATED = "outdated"
    HELD = "held"
    RESTING = "resting"
    BUSY = "busy"
    IN_DOUBT = "in_doubt"
    OVER_BUDGET = "over_budget"
    PACED = "paced"
    OUTRANKED = "outranked"
    OVER_SHARE = "over_share"

    @property
    def code(self) -> str:
        """What programs are told: one code for those that they need not tell apart."""
        return CODES.get(self, self.value)

    @property
    def ends_with_a_call(self) -> bool:
        """Whether it ends when a call of somebody else comes back or leaves, which nobody can foretell."""
        return self in (Obstacle.BUSY, Obstacle.IN_DOUBT, Obstacle.OUTRANKED, Obstacle.OVER_SHARE)

    @property
    def is_lack_of_room(self) -> bool:
        """Whether a limit or the places of a scope leave no room, so that those who wait take turns."""
        return self in LACKS_OF_ROOM


CODES: Mapping[Obstacle, str] = {
    Obstacle.OUTDATED: Obstacle.HELD.value,
    Obstacle.RESTING: Obstacle.HELD.value,
    Obstacle.IN_DOUBT: Obstacle.BUSY.value,
    Obstacle.PACED: Obstacle.OVER_BUDGET.value,
    Obstacle.OUTRANKED: Obstacle.BUSY.value,
    Obstacle.OVER_SHARE: Obstacle.BUSY.value,
}
LACKS_OF_ROOM = frozenset(
    (Obstacle.BUSY, Obstacle.OVER_BUDGET, Obstacle.PACED, Obstacle.OUTRANKED, Obstacle.OVER_SHARE)
)


@dataclass(frozen=True, slots=True)
class Admission:
    """What one call needs: no suspended scope, no held scope, a place in every scope, and room in every bucket.

    Scopes are a provider id and a route key; ``ceilings`` are a person's bounds on calls at once, per scope.
    ``amounts`` are what it will probably take. ``version`` is that of the configuration which it goes by: one from
    before a scope was cleared is not let out.
    ``is_test``: a person wants to know now, so suspensions and holds do not stop it; places and budgets do.
    ``account`` is the provider whose models may share their limits; empty where each is known to have its own.
    ``is_last_resort``: nothing else can work, so a route that is suspended for an outage is probed before its time.
    ``urgency``: where others wait for the same room, the more urgent ones go first. A test gives way to nobody.
    ``party``: the batch; where several of one urgency wait for the same room, they are given as many calls each. Empty
    for a call of none, which is never held back for that.
    ``patience_s``: a longer wait sends it elsewhere, so that nobody less urgent need wait for it.
    """

    scopes: tuple[str, ...]
    buckets: tuple[Bucket, ...]
    amounts: Amounts = NOTHING
    ceilings: tuple[int | None, ...] = ()
    version: int = 0
    is_test: bool = False
    account: str = ""
    is_last_resort: bool = False
    urgency: Urgency = Urgency.NORMAL
    party: str = ""
    patience_s: float = math.inf
    id: str = field(default_factory=lambda: uuid4().hex)

    @property
    def owners(self) -> tuple[str, ...]:
        """Of the room that it needs, where others may wait: its scopes, then who else has limits that cover it."""
        return tuple(dict.fromkeys((*self.scopes, *(bucket.key for bucket in self.buckets))))


@dataclass(frozen=True, slots=True)
class Admitted:
    """The call may leave in ``delay_s``. ``probes`` names the half-open scopes for which this call is the one probe."""

    reservation: Reservation
    probes: tuple[str, ...] = ()
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Refused:
    """The call must wait ``wait_s`` seconds, exactly, because of ``scope`` (for a budget: the bucket's key).

    Of several obstacles of one sort it is the longest. SUSPENDED and HELD: ``reason`` holds the vendor's words.
    ``half_open``: another call is the probe, and the wait ends with its lease at the latest; its outcome may open the
    way sooner. BUSY: all ``allowed`` calls are in flight. BUSY, IN_DOUBT, OUTRANKED and OVER_SHARE: the wait is when
    to look again. OVER_BUDGET and PACED: ``bucket`` is the budget. SUSPENDED: ``last_resort_s`` is when it may be
    probed as a last resort; as long as ``wait_s`` where only the suspension's own end will do.
    """

    wait_s: float
    obstacle: Obstacle
    scope: str
    reason: str = ""
    half_open: bool = False
    allowed: int = 0
    bucket: Bucket | None = None
    last_resort_s: float = math.inf


@dataclass(frozen=True, slots=True)
class Outlook:
    """All that keeps a call from leaving now: the longest obstacle of each sort, in the order in which ``admit`` looks.

    ``used``: what counts in each of its buckets now.
    """

    obstacles: tuple[Refused, ...] = ()
    used: Mapping[Bucket, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScopeState:
    """What the breaker says of one scope; ``reason`` holds the last fault's words.

    ``suspended_for_s`` is 0 where it is closed or half-open. ``concurrency``: calls at once that the engine allows now.
    ``held_for_s`` is the rest of a vendor's own "wait", which is no fault. ``limits_seem`` is, of a provider, whether
    its refusals were lately found to be about the whole "account" or about one "model"; empty where nobody knows.
    """

    scope: str
    suspended_for_s: float = 0.0
    half_open: bool = False
    failures: int = 0
    kind: ErrorKind | None = None
    reason: str = ""
    held_for_s: float = 0.0
    held_reason: str = ""
    in_flight: int = 0
    concurrency: int = COLD_CALLS
    limits_seem: str = ""

    @property
    def is_suspended(self) -> bool:
        return self.suspended_for_s > 0
