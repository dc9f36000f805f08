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

    def is_outranked(self, admission: Admission, owner: str) -> bool:
        return any(self._waiting.is_anyone(owner, above) for above in Urgency if above > admission.urgency)

    def is_over_share(self, admission: Admission, owner: str) -> bool:
        behind = self._shares.far_behind(admission, owner)
        return any(self._waiting.is_there(owner, admission.urgency, party) for party in behind)

    def note_waiting(self, admission: Admission, owners: Iterable[str], wait_s: float) -> None:
        if admission.is_test or wait_s > admission.patience_s:
            return
        for owner in owners:
            self._waiting.come(admission, owner)
            self._shares.come(admission, owner)

    def note_served(self, admission: Admission) -> None:
        for owner in () if admission.is_test else admission.owners:
            self._shares.note_given(admission, owner)
            self._waiting.leave(admission, owner)
