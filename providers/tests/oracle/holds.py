"""What a vendor's "wait" means: for how long, and for one model or for the whole account."""

from dataclasses import dataclass, replace

from providers.routing import breaker
from providers.routing.admission import Admission
from providers.routing.breaker import brief
from providers.routing.limits import holds as rules
from providers.routing.limits.budget import Reservation
from providers.routing.report import Hold
from providers.tests.oracle.keys import Keys, ms


@dataclass(frozen=True, slots=True)
class Held:
    """One scope's hold. ``strikes`` are refusals in a row, each after the wait of the one before; the last came at
    ``since_ms``."""

    until_ms: int = 0
    reason: str = ""
    strikes: int = 0
    since_ms: int = 0


FREE = Held()


@dataclass(frozen=True, slots=True)
class Doubt:
    """``scope`` was refused, and whether the whole account is full is not known: ``probe`` finds out."""

    scope: str
    since_ms: int
    until_ms: int
    probe: str = ""
    probe_until_ms: int = 0


class Holds:
    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def of(self, scope: str) -> Held:
        held: Held = self._keys.get("hold", scope, FREE)
        return held

    def limits_seem(self, account: str) -> str:
        seem: str = self._keys.get("limits", account, "")
        return seem

    def hold_back(self, hold: Hold, sent_at_ms: int) -> str:
        """The scope that is held: the model, until another one is refused as well with no good answer between them."""
        word_ms = None if hold.seconds is None else max(ms(hold.seconds), 0)
        if hold.account and self.limits_seem(hold.account) == "account":
            self._strike(hold.account, hold, word_ms, sent_at_ms)
            return hold.account
        wait, now = self._strike(hold.scope, hold, word_ms, sent_at_ms), self._keys.now
        doubt = self._doubt(hold.account)
        if doubt and doubt.scope != hold.scope:
            self._keys.drop("doubt", hold.account)
            self._keys.put("limits", hold.account, "account", ms(rules.ACCOUNT_KNOWN_FOR_S))
            self._strike(hold.account, hold, min(wait, doubt.until_ms - now), sent_at_ms)
            return hold.account
        if hold.account and wait > 0:
            doubt = replace(doubt or Doubt(hold.scope, now, 0), until_ms=now + wait)
            self._keys.put("doubt", hold.account, doubt, wait)
        return hold.scope

    def relent(self, reservation: Reservation, sent_at_ms: int) -> None:
        """A good answer: no refusals go on there, and what was refused before it left was refused for itself."""
        for scope in reservation.scopes:
            if self.of(scope).until_ms <= self._keys.now:
                self._keys.drop("hold", scope)
        provider, route = (*reservation.scopes, "", "")[:2]
        doubt = self._doubt(provider)
        if doubt and doubt.scope != route and sent_at_ms >= doubt.since_ms:
            self._keys.drop("doubt", provider)
            self._keys.put("limits", provider, "model", ms(rules.MODEL_KNOWN_FOR_S))

    def doubt_of(self, admission: Admission) -> Doubt | None:
        """What must be found out before more than one call may leave; None where nothing must."""
        doubt = None if admission.is_test else self._doubt(admission.account)
        is_open = doubt and doubt.scope != admission.scopes[1] and self.limits_seem(admission.account) != "model"
        return doubt if is_open else None

    def is_finding_out(self, admission: Admission) -> bool:
        """Whether another call does."""
        doubt = self.doubt_of(admission)
        return bool(doubt and doubt.probe and doubt.probe_until_ms > self._keys.now)

    def find_out(self, account: str, call_id: str, until_ms: int) -> None:
        doubt = replace(self._keys.get("doubt", account), probe=call_id, probe_until_ms=until_ms)
        self._keys.change("doubt", account, doubt)

    def renew(self, reservation: Reservation, until_ms: int) -> None:
        doubt = self._doubt(reservation.account)
        if doubt and doubt.probe == reservation.id:
            self.find_out(reservation.account, reservation.id, until_ms)

    def leave(self, reservation: Reservation) -> None:
        doubt = self._doubt(reservation.account)
        if doubt and doubt.probe == reservation.id:
            self.find_out(reservation.account, "", 0)

    def _doubt(self, account: str) -> Doubt | None:
        doubt: Doubt | None = self._keys.get("doubt", account)
        return doubt

    def _strike(self, scope: str, hold: Hold, word_ms: int | None, sent_at_ms: int) -> int:
        """One more refusal, and the milliseconds to wait: the vendor's word, and more where refusals go on.

        Of calls that were under way together only the first counts.
        """
        held, now = self.of(scope), self._keys.now
        if not held.strikes or sent_at_ms > held.since_ms:
            held = replace(held, strikes=held.strikes + 1, since_ms=now)
        wait = word_ms or 0
        if word_ms is None or held.strikes > 1:
            wait = max(wait, min(ms(hold.first_s) * 2 ** (held.strikes - 1), ms(rules.LONGEST_S)))
        if wait > 0 and now + wait > held.until_ms:
            held = replace(held, until_ms=now + wait, reason=brief(hold.reason))
        self._keys.put("hold", scope, held, max(held.until_ms - now, 0) + ms(breaker.REMEMBERED_S))
        return wait
