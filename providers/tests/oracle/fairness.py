"""Even shares of an owner's room for the batches of one urgency, counted from when somebody had to wait there."""

from collections.abc import Iterable
from dataclasses import dataclass

from providers.routing.admission import Admission
from providers.routing.limits.fairness import CREDIT, KNOWN_FOR_S, LEAD
from providers.tests.oracle.keys import Keys, ms


@dataclass(frozen=True, slots=True)
class Share:
    """The calls that a party was given, reckoned from where it started, and until when it is there."""

    calls: int
    until_ms: int


class Shares:
    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def note_given(self, admission: Admission, owner: str) -> None:
        if self._there(admission, owner):
            self.come(admission, owner, calls=1)

    def come(self, admission: Admission, owner: str, *, calls: int = 0) -> None:
        """It waits, or was given a call. A new party starts with the one that was given most."""
        if not admission.party:
            return
        there = self._there(admission, owner)
        most = max((share.calls for share in there.values()), default=0)
        mine = there.get(admission.party)
        start = most if mine is None else max(mine.calls, most - CREDIT)
        there[admission.party] = Share(start + calls, self._keys.now + ms(KNOWN_FOR_S))
        self._keys.put("shares", f"{owner}:{admission.urgency}", there, ms(KNOWN_FOR_S))

    def far_behind(self, admission: Admission, owner: str) -> Iterable[str]:
        """The parties that were given so many calls less."""
        there = self._there(admission, owner)
        mine = there.get(admission.party)
        return () if mine is None else [party for party, share in there.items() if share.calls < mine.calls - LEAD]

    def _there(self, admission: Admission, owner: str) -> dict[str, Share]:
        known: dict[str, Share] = self._keys.get("shares", f"{owner}:{admission.urgency}", {})
        return {party: share for party, share in known.items() if share.until_ms > self._keys.now}
