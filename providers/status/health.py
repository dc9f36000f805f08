"""What the shared store holds against a provider or a model, as the admin and the API show it."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from providers.calling import shared_store
from providers.choices import BreakerState
from providers.llm.errors import ErrorKind
from providers.models import Model, Provider
from providers.routing.admission import ScopeState, StoreUnavailable
from providers.status.troubles import Trouble, failure_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Health:
    """All None where the store could not be asked.

    ``last_error`` and ``failures`` are those since the last success, whether or not they suspended anything. A vendor
    that asked to wait (``held_until``) is no fault. ``limits_seem``: "account" or "model", as refusals showed lately.
    """

    breaker: BreakerState | None = None
    suspended_until: datetime | None = None
    suspended_reason: str | None = None
    last_error: str | None = None
    last_error_reason: str | None = None
    failures: int | None = None
    held_until: datetime | None = None
    held_reason: str | None = None
    limits_seem: str = ""

    def failure(self, scope: str) -> Trouble | None:
        """What its last failure means, and what mends it; None where it has not failed since it last answered."""
        if self.last_error not in list(ErrorKind):
            return None
        is_suspended = self.suspended_until is not None
        return failure_of(scope, ErrorKind(self.last_error), self.last_error_words, is_suspended=is_suspended)

    @property
    def last_error_words(self) -> str:
        """Kind and reason, the kind once."""
        kind, reason = self.last_error or "", self.last_error_reason or ""
        return reason if reason.startswith(kind) else f"{kind}: {reason}" if reason else kind


UNKNOWN = Health()


def health_of(state: ScopeState | None) -> Health:
    if state is None:
        return UNKNOWN
    return Health(
        breaker=_breaker(state),
        suspended_until=_end(state.suspended_for_s),
        suspended_reason=state.reason if state.is_suspended else None,
        last_error=str(state.kind) if state.kind else None,
        last_error_reason=state.reason or None,
        failures=state.failures,
        held_until=_end(state.held_for_s),
        held_reason=state.held_reason if state.held_for_s > 0 else None,
        limits_seem=state.limits_seem,
    )


def scope_of(row: Provider | Model) -> str:
    """The breaker's name for a row: ``groq`` or ``groq/some-model``, as a Route has it."""
    return row.pk if isinstance(row, Provider) else f"{row.provider_id}/{row.model_id}"


def read_states(rows: Iterable[Provider | Model]) -> Mapping[str, ScopeState]:
    """By scope, in one round trip; nothing while Redis is away."""
    return states_of([scope_of(row) for row in rows])


def states_of(scopes: Sequence[str]) -> Mapping[str, ScopeState]:
    try:
        return shared_store.states(scopes) if scopes else {}
    except StoreUnavailable:
        logger.warning("The shared store is away: suspensions are not shown.")
        return {}


def _breaker(state: ScopeState) -> BreakerState:
    if state.is_suspended:
        return BreakerState.OPEN
    return BreakerState.HALF_OPEN if state.half_open else BreakerState.CLOSED


def _end(seconds: float) -> datetime | None:
    return timezone.now() + timedelta(seconds=seconds) if seconds > 0 else None
