"""Who goes first where several wait for the same room."""

from collections.abc import Iterable

from providers.routing.admission import Admission
from providers.routing.limits.urgency import Urgency
from providers.tests.oracle.fairness import Shares
from providers.tests.oracle.keys import Keys
from providers.tests.oracle.waiting import Waiting


class Turns:
    def __init__(self, keys: Keys) -> None:
        self._waiting = Waiting(keys)
        self._shares = Shares(keys)

    def is_outranked(self, admission: Admission, scope: str) -> bool:
        return any(self._waiting.is_anyone(scope, above) for above in Urgency if above > admission.urgency)

    def is_over_share(self, admission: Admission, scope: str) -> bool:
        behind = self._shares.far_behind(admission, scope)
        return any(self._waiting.is_there(scope, admission.urgency, party) for party in behind)

    def note_waiting(self, admission: Admission, scopes: Iterable[str], wait_s: float) -> None:
        if admission.is_test or wait_s > admission.patience_s:
            return
        for scope in scopes:
            self._waiting.come(admission, scope)
            self._shares.come(admission, scope)

    def note_served(self, admission: Admission) -> None:
        for scope in () if admission.is_test else admission.scopes:
            self._shares.note_given(admission, scope)
            self._waiting.leave(admission, scope)
