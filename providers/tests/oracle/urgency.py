"""Who goes first where several wait for the same room."""

from collections.abc import Iterable

from providers.routing.admission import Admission
from providers.routing.limits.urgency import WAITS_FOR_S, Urgency
from providers.tests.oracle.expiring import Expiring
from providers.tests.oracle.keys import Keys, ms


class Waiting:
    """The calls that were refused for lack of room at a scope, each for a short while after it asked."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def is_outranked(self, admission: Admission, scope: str) -> bool:
        above = (urgency for urgency in Urgency if urgency > admission.urgency)
        return any(self._at(scope, urgency).count(self._keys.now) for urgency in above)

    def note(self, admission: Admission, scopes: Iterable[str], wait_s: float) -> None:
        if admission.urgency is Urgency.LOW or admission.is_test or wait_s > admission.patience_s:
            return
        waits_for, now = ms(min(WAITS_FOR_S, admission.patience_s)), self._keys.now
        for scope in scopes:
            waiting = self._at(scope, admission.urgency)
            waiting.put(admission.id, now + waits_for)
            self._keys.put("waiting", f"{scope}:{admission.urgency}", waiting, ms(WAITS_FOR_S))

    def served(self, admission: Admission) -> None:
        for scope in admission.scopes:
            self._at(scope, admission.urgency).drop(admission.id)

    def _at(self, scope: str, urgency: Urgency) -> Expiring:
        waiting: Expiring | None = self._keys.get("waiting", f"{scope}:{urgency}")
        return Expiring() if waiting is None else waiting
