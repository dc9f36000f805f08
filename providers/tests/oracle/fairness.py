"""Even shares of a scope for the batches of one urgency, counted while somebody waits there."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from providers.routing.admission import Admission
from providers.routing.limits.fairness import LEAD
from providers.routing.limits.urgency import WAITS_FOR_S
from providers.tests.oracle.keys import Keys, ms


@dataclass(frozen=True, slots=True)
class Share:
    """The calls that a party was given, reckoned from where it started, and until when it is there."""

    calls: int
    until_ms: int


class Shares:
    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def come(self, admission: Admission, scope: str, *, calls: int = 0) -> None:
        """It waits, or was given a call. A party that was away starts with the least of those who are there."""
        if not admission.party:
            return
        there = self._there(admission, scope)
        least = min((share.calls for share in there.values()), default=0)
        share = there.get(admission.party, Share(least, 0))
        there[admission.party] = replace(share, calls=share.calls + calls, until_ms=self._keys.now + ms(WAITS_FOR_S))
        self._keys.put("shares", f"{scope}:{admission.urgency}", there, ms(WAITS_FOR_S))

    def far_behind(self, admission: Admission, scope: str) -> Iterable[str]:
        """The parties that were given so many calls less."""
        there = self._there(admission, scope)
        mine = there.get(admission.party)
        return () if mine is None else [party for party, share in there.items() if share.calls < mine.calls - LEAD]

    def _there(self, admission: Admission, scope: str) -> dict[str, Share]:
        known: dict[str, Share] = self._keys.get("shares", f"{scope}:{admission.urgency}", {})
        return {party: share for party, share in known.items() if share.until_ms > self._keys.now}
