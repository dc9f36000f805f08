"""What keeps a call from leaving."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from providers.calling.store.wire import CHANGED_WAIT_MS
from providers.routing.admission import Admission, Obstacle, Refused
from providers.routing.breaker import LAST_RESORT_S
from providers.routing.limits.budget import HORIZON_MS, Bucket
from providers.routing.limits.ramp import BUSY_WAIT_MS
from providers.routing.limits.urgency import GIVE_WAY_MS
from providers.routing.verdicts import OUTAGES
from providers.tests.oracle.breakers import Breakers
from providers.tests.oracle.budgets import Budgets
from providers.tests.oracle.holds import Holds
from providers.tests.oracle.keys import Keys, ms
from providers.tests.oracle.places import Places
from providers.tests.oracle.urgency import Turns


@dataclass(slots=True)
class Seen:
    """What the checks find besides obstacles: scopes to probe, full scopes, owners that lack room for this call,
    whether the provider's probe was left to another of its models."""

    probes: list[str] = field(default_factory=list)
    full: list[str] = field(default_factory=list)
    lacks: set[str] = field(default_factory=set)
    left_to_another: bool = False


@dataclass(slots=True)
class Obstacles:
    keys: Keys
    breakers: Breakers
    holds: Holds
    places: Places
    budgets: Budgets
    turns: Turns

    def met(self, admission: Admission, seen: Seen) -> Iterator[Refused | None]:
        """The longest of each sort, or None, in the order of admission."""
        yield _longest(self._outdated(admission))
        yield self._suspended(admission, seen)
        yield _longest([*self._held(admission), *self._resting(admission)])
        yield _longest([*self._finding_out(admission), *self._busy(admission, seen)])
        yield _longest(self._lacking(admission, seen))
        yield _longest(self._outranked(admission, seen))
        yield _longest(self._over_share(admission, seen))

    def waited_for(self, admission: Admission, seen: Seen) -> set[str]:
        """The owners at which a refused call waits: for places only once its limits have room."""
        limits = Seen()
        if not seen.full:
            return seen.lacks
        return limits.lacks if _longest(self._lacking(admission, limits)) else set(seen.full)

    def is_outdated(self, version: int, scope: str) -> bool:
        """Whether it was cleared by a person after that version."""
        cleared: int = self.keys.get("cleared", scope, 0)
        return 0 < version < cleared

    def start_ms(self, admission: Admission) -> int:
        """When the call may leave."""
        starts = (self.budgets.next_start(bucket) for bucket in _distinct(admission) if self.budgets.is_smooth(bucket))
        return math.ceil(max(starts, default=self.keys.now))

    def _outdated(self, admission: Admission) -> Iterator[Refused]:
        for scope in admission.scopes:
            if self.is_outdated(admission.version, scope):
                yield _refused(CHANGED_WAIT_MS, Obstacle.OUTDATED, scope)

    def _suspended(self, admission: Admission, seen: Seen) -> Refused | None:
        worst = _longest(self._suspensions(admission, seen, is_last_resort=admission.is_last_resort))
        if worst is None or admission.is_last_resort:
            return worst
        last = _longest(self._suspensions(admission, Seen(), is_last_resort=True))
        return replace(worst, last_resort_s=last.wait_s if last else 0.0)

    def _suspensions(self, admission: Admission, seen: Seen, *, is_last_resort: bool) -> Iterator[Refused]:
        """As a last resort an outage is probed long before its deadline."""
        probes_provider, now = False, self.keys.now
        for scope in () if admission.is_test else admission.scopes:
            state = self.breakers.of(scope)
            is_outage, wait = state.kind in OUTAGES, state.open_until_ms - now
            if is_last_resort and is_outage:
                wait = min(wait, state.failed_at_ms + ms(LAST_RESORT_S) - now)
            if not state.open_until_ms:
                continue
            if wait > 0 and not (probes_provider and is_outage):
                yield _refused(wait, Obstacle.SUSPENDED, scope, state.reason)
                continue
            seen.probes.append(scope)
            if state.probe and state.probe_until_ms > now:
                wait = state.probe_until_ms - now
                yield replace(_refused(wait, Obstacle.SUSPENDED, scope, state.reason), half_open=True)
            elif scope == admission.scopes[0] and len(admission.scopes) > 1:
                wait = self.breakers.turn_ms(*admission.scopes)
                seen.left_to_another |= wait != 0 and not state.asked_at_ms
                probes_provider = True
                yield replace(_refused(wait, Obstacle.SUSPENDED, scope, state.reason), half_open=True)

    def _held(self, admission: Admission) -> Iterator[Refused]:
        for scope in () if admission.is_test else admission.scopes:
            held = self.holds.of(scope)
            yield _refused(held.until_ms - self.keys.now, Obstacle.HELD, scope, held.reason)

    def _resting(self, admission: Admission) -> Iterator[Refused]:
        if any(bucket.is_short for bucket in admission.buckets):
            rest_ms = self.keys.get("state", "rest_until") - self.keys.now
            yield _refused(rest_ms, Obstacle.RESTING, (*admission.scopes, "")[0])

    def _finding_out(self, admission: Admission) -> Iterator[Refused]:
        if self.holds.is_finding_out(admission):
            yield _refused(BUSY_WAIT_MS, Obstacle.IN_DOUBT, admission.scopes[0])

    def _busy(self, admission: Admission, seen: Seen) -> Iterator[Refused]:
        """Refused again after its wait, a scope has one call that finds out whether it is over."""
        ceilings = admission.ceilings or (None,) * len(admission.scopes)
        for scope, ceiling in zip(admission.scopes, ceilings, strict=True):
            only_one = not admission.is_test and self.holds.of(scope).strikes > 1
            allowed = self.places.allowed(scope, self.breakers.of(scope).failures, ceiling, only_one=only_one)
            if self.places.in_flight(scope) >= allowed:
                seen.full.append(scope)
                yield replace(_refused(BUSY_WAIT_MS, Obstacle.BUSY, scope), allowed=allowed)

    def _lacking(self, admission: Admission, seen: Seen) -> Iterator[Refused]:
        start: float = self.keys.now
        for bucket in _distinct(admission):
            met = [_lack(self.budgets.wait_ms(bucket, admission.amounts), Obstacle.OVER_BUDGET, bucket)]
            if self.budgets.is_smooth(bucket):
                start = max(start, self.budgets.next_start(bucket))
                met.append(_lack(start - self.keys.now - HORIZON_MS, Obstacle.PACED, bucket))
            if any(each.wait_s > 0 for each in met):
                seen.lacks.add(bucket.key)
            yield from met

    def _outranked(self, admission: Admission, seen: Seen) -> Iterator[Refused]:
        """There is room, and a more urgent call waits for it."""
        for owner in () if admission.is_test else admission.owners:
            if self.turns.is_outranked(admission, owner):
                seen.lacks.add(owner)
                yield _refused(GIVE_WAY_MS, Obstacle.OUTRANKED, owner)

    def _over_share(self, admission: Admission, seen: Seen) -> Iterator[Refused]:
        """There is room, and a batch waits for it that was given less."""
        for owner in () if admission.is_test else admission.owners:
            if self.turns.is_over_share(admission, owner):
                seen.lacks.add(owner)
                yield _refused(GIVE_WAY_MS, Obstacle.OVER_SHARE, owner)


def _lack(wait_ms: float, obstacle: Obstacle, bucket: Bucket) -> Refused:
    return Refused(_up(wait_ms), obstacle, bucket.key, bucket=bucket)


def _refused(wait_ms: float, obstacle: Obstacle, scope: str, reason: str = "") -> Refused:
    return Refused(_up(wait_ms), obstacle, scope, reason, last_resort_s=_up(wait_ms))


def _up(wait_ms: float) -> float:
    """Whole milliseconds, as seconds."""
    return math.ceil(wait_ms) / 1000


def _longest(refusals: Iterable[Refused]) -> Refused | None:
    """The first of those that wait longest; None where nobody waits."""
    worst = max(refusals, key=lambda refused: refused.wait_s, default=None)
    return worst if worst and worst.wait_s > 0 else None


def _distinct(admission: Admission) -> tuple[Bucket, ...]:
    return tuple(dict.fromkeys(admission.buckets))
