"""Who waits where: the calls that were refused for lack of room at an owner, each for a short while after it asked."""

from providers.routing.admission import Admission
from providers.routing.limits.urgency import WAITS_FOR_S, Urgency
from providers.tests.oracle.expiring import Expiring
from providers.tests.oracle.keys import Keys, ms


class Waiting:
    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def is_anyone(self, owner: str, urgency: Urgency) -> bool:
        return any(calls.count(self._keys.now) for calls in self._at(owner, urgency).values())

    def is_there(self, owner: str, urgency: Urgency, party: str) -> bool:
        calls = self._at(owner, urgency).get(party)
        return calls is not None and calls.count(self._keys.now) > 0

    def come(self, admission: Admission, owner: str) -> None:
        parties = self._at(owner, admission.urgency)
        waits_for = ms(min(WAITS_FOR_S, admission.patience_s))
        parties.setdefault(admission.party, Expiring()).put(admission.id, self._keys.now + waits_for)
        self._keys.put("waiting", f"{owner}:{admission.urgency}", parties, ms(WAITS_FOR_S))

    def leave(self, admission: Admission, owner: str) -> None:
        calls = self._at(owner, admission.urgency).get(admission.party)
        if calls is not None:
            calls.drop(admission.id)

    def _at(self, owner: str, urgency: Urgency) -> dict[str, Expiring]:
        parties: dict[str, Expiring] = self._keys.get("waiting", f"{owner}:{urgency}", {})
        return parties
