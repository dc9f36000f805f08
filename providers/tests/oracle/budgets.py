"""Sliding windows, even pace, and what the vendor says is left."""

from collections.abc import Iterable
from dataclasses import dataclass

from providers.llm.types import LimitFact
from providers.routing.limits.amounts import Amounts, Unit
from providers.routing.limits.budget import (
    EVERYTHING,
    HORIZON_MS,
    LONGEST_RESET_MS,
    MARGIN_S,
    ROOMY,
    SMOOTH_FOR_MS,
    Bucket,
    PastUse,
    Reservation,
)
from providers.routing.limits.use import SLICES, Use, use_of
from providers.routing.report import Report
from providers.tests.oracle.keys import Keys, ms
from providers.tests.oracle.log import Entry, Log


@dataclass(frozen=True, slots=True)
class Surplus:
    """What the vendor counts beyond our own entries, until when."""

    amount: int = 0
    until_ms: int = 0


NO_SURPLUS = Surplus()


class Budgets:
    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def used(self, bucket: Bucket) -> int:
        return self._live(bucket).total + self._surplus(bucket).amount

    def use(self, bucket: Bucket) -> Use:
        """What counts now, by when it leaves."""
        now, slices = self._keys.now, dict[int, int]()
        live, surplus = self._live(bucket), self._surplus(bucket)
        for entry in live.entries():
            age = entry.at_ms - (now - bucket.span_ms)
            number = age if bucket.window.time_zone else min(-(-age * SLICES // bucket.span_ms), SLICES)
            slices[number] = slices.get(number, 0) + (entry.amount if bucket.is_lumped else 1)
        return use_of(bucket, live.total, slices, (surplus.amount, max(surplus.until_ms - now, 0)))

    def wait_ms(self, bucket: Bucket, amounts: Amounts) -> int:
        """Until a call may leave: its cost fits, and no period is about to end."""
        return max(self._room_wait_ms(bucket, amounts), self._quiet_ms(bucket))

    def _room_wait_ms(self, bucket: Bucket, amounts: Amounts) -> int:
        """Until the cost fits; 0 where it fits now."""
        surplus = self._surplus(bucket)
        excess = self.used(bucket) + bucket.cost(amounts) - bucket.limit
        if excess <= 0:
            return 0
        waits = [self._leave_ms(bucket, excess)]
        if surplus.amount:
            rest = self._leave_ms(bucket, excess - surplus.amount)
            waits.append(None if rest is None else max(surplus.until_ms - self._keys.now, rest))
        return min((wait for wait in waits if wait is not None), default=self._whole_ms(bucket))

    def is_smooth(self, bucket: Bucket) -> bool:
        return bucket.gap_ms > 0 and (bucket.is_smooth or self._keys.get("smooth", bucket.key, False))

    def next_start(self, bucket: Bucket) -> float:
        """When the next call may leave by the bucket's even pace."""
        pace: float = self._keys.get("pace", bucket.name, 0)
        return max(self._keys.now, pace)

    def take(self, bucket: Bucket, call_id: str, at_ms: int, amounts: Amounts) -> None:
        if bucket.is_lumped:
            self._lump(bucket, at_ms, bucket.cost(amounts))
        else:
            self._enter(bucket, call_id, at_ms, bucket.cost(amounts))
        if self.is_smooth(bucket):
            gap = bucket.cost(amounts) * bucket.gap_ms
            pace = max(at_ms, self.next_start(bucket)) + gap
            self._keys.put("pace", bucket.name, pace, gap + bucket.span_ms)

    def drop(self, reservation: Reservation, *, is_known: bool) -> None:
        """``is_known``: the call had a place, so that lumps hold it."""
        for bucket in reservation.buckets:
            self._give_back(bucket, reservation, is_known=is_known)

    def settle(self, reservation: Reservation, report: Report, *, is_known: bool) -> None:
        """What was really used, from the moment when the call really left."""
        at = reservation.at_ms + ms(report.lag_s)
        for bucket in reservation.buckets:
            reserved = bucket.cost(reservation.amounts)
            if bucket.is_lumped:
                self._give_back(bucket, reservation, is_known=is_known)
                self._lump(bucket, at, reserved if report.used is None else report.used.of(bucket.unit))
            elif at > self._keys.now - bucket.span_ms:
                self._enter(bucket, reservation.id, at, reserved)
                if bucket.unit is not Unit.REQUESTS and report.used is not None:
                    self._correct(bucket, reservation.id, report.used.of(bucket.unit))

    def heed(self, bucket: Bucket, left: int, reset_s: float | None) -> None:
        """The vendor's word, in the place of its earlier one."""
        amount = bucket.limit - self._live(bucket).total - left
        reset = min(self._whole_ms(bucket) if reset_s is None else ms(reset_s), LONGEST_RESET_MS)
        self._keys.drop("surplus", bucket.name)
        if amount > 0 and reset > 0:
            self._keys.put("surplus", bucket.name, Surplus(amount, self._keys.now + reset), reset)

    def smoothen_if_roomy(self, buckets: Iterable[Bucket]) -> None:
        """A refusal in spite of room in all of these: go evenly for a while."""
        buckets = tuple(buckets)
        if all(self.used(bucket) <= ROOMY * bucket.limit for bucket in buckets):
            for bucket in buckets:
                if bucket.gap_ms:
                    self._keys.put("smooth", bucket.key, True, SMOOTH_FOR_MS)

    def restore(self, use: PastUse) -> None:
        bucket, at = use.bucket, self._keys.now - ms(use.ago_s)
        at = self._lump_at(bucket, at) if bucket.is_lumped else at
        if at > self._keys.now - bucket.span_ms and self._log(bucket).get(use.id) is None:
            self._enter(bucket, use.id, at, use.amount if bucket.unit is not Unit.REQUESTS or bucket.is_lumped else 1)

    def _give_back(self, bucket: Bucket, reservation: Reservation, *, is_known: bool) -> None:
        if bucket.is_lumped:
            self._lump(bucket, reservation.at_ms, -bucket.cost(reservation.amounts) if is_known else 0)
        else:
            self._log(bucket).drop(reservation.id)

    def _lump(self, bucket: Bucket, at_ms: int, amount: int) -> None:
        """Add to what counts together with calls of then, or take away from it."""
        counts_at, log = self._lump_at(bucket, at_ms), self._log(bucket)
        before = log.get(str(counts_at))
        if amount == 0 or counts_at <= self._keys.now - bucket.span_ms or (amount < 0 and before is None):
            return
        log.put(str(counts_at), Entry(counts_at, (before.amount if before else 0) + amount))
        self._put(bucket, log)

    def _lump_at(self, bucket: Bucket, at_ms: int) -> int:
        if bucket.grain_ms:
            return -(-at_ms // bucket.grain_ms) * bucket.grain_ms
        return _period_end_ms(bucket, at_ms) + ms(MARGIN_S) - bucket.span_ms

    def _whole_ms(self, bucket: Bucket) -> int:
        """How long it takes at most until it is empty."""
        if not bucket.window.time_zone:
            return bucket.span_ms
        return _period_end_ms(bucket, self._keys.now) + ms(MARGIN_S) - self._keys.now

    def _quiet_ms(self, bucket: Bucket) -> int:
        """A call that leaves right before the end of a period may arrive in the next one: so none does."""
        if not bucket.window.time_zone:
            return 0
        rest = _period_end_ms(bucket, self._keys.now) - self._keys.now
        return rest if rest <= ms(MARGIN_S) + HORIZON_MS else 0

    def _log(self, bucket: Bucket) -> Log:
        log: Log | None = self._keys.get("log", bucket.name)
        return Log() if log is None else log

    def _live(self, bucket: Bucket) -> Log:
        """The entries that still count; the others are forgotten."""
        log = self._log(bucket)
        log.forget_until(self._keys.now - bucket.span_ms)
        return log

    def _surplus(self, bucket: Bucket) -> Surplus:
        surplus: Surplus = self._keys.get("surplus", bucket.name, NO_SURPLUS)
        return surplus

    def _leave_ms(self, bucket: Bucket, excess: int) -> int | None:
        """Until the oldest entries that make up so many units have left; None where they are fewer."""
        if excess <= 0:
            return 0
        at_ms = self._live(bucket).freed_at(excess)
        return None if at_ms is None else at_ms + bucket.span_ms - self._keys.now

    def _enter(self, bucket: Bucket, call_id: str, at_ms: int, amount: int) -> None:
        """An amount that is known stays."""
        log = self._log(bucket)
        known = log.get(call_id)
        log.put(call_id, Entry(at_ms, known.amount if known else amount))
        self._put(bucket, log)

    def _put(self, bucket: Bucket, log: Log) -> None:
        self._keys.put("log", bucket.name, log, bucket.span_ms + HORIZON_MS + bucket.grain_ms)

    def _correct(self, bucket: Bucket, call_id: str, amount: int) -> None:
        log = self._log(bucket)
        entry, pace = log.get(call_id), self._keys.get("pace", bucket.name)
        assert entry is not None
        log.put(call_id, Entry(entry.at_ms, amount))
        if pace is not None and amount < entry.amount:
            sooner = max(pace - (entry.amount - amount) * bucket.gap_ms, self._keys.now)
            self._keys.put("pace", bucket.name, sooner, bucket.span_ms)


def words_on(buckets: tuple[Bucket, ...], vendor: tuple[LimitFact, ...]) -> list[tuple[Bucket, int, float | None]]:
    """What a vendor said is left: of which bucket, how much, and the seconds until its reset."""
    found: dict[Bucket, list[LimitFact]] = {}
    for fact in vendor:
        bucket = _spoken_of([bucket for bucket in buckets if bucket.key != EVERYTHING], fact)
        if fact.remaining is not None and bucket is not None:
            found.setdefault(bucket, []).append(fact)
    return [(bucket, *_least_left(facts)) for bucket, facts in found.items()]


def _spoken_of(buckets: list[Bucket], fact: LimitFact) -> Bucket | None:
    """The one of its unit and window; else the one of the shortest window. No input left, or no output: no tokens."""
    own = [bucket for bucket in buckets if bucket.unit == fact.unit]
    if not own and fact.remaining == 0 and fact.unit != "requests":
        own = [bucket for bucket in buckets if bucket.unit is Unit.TOKENS]
    exact = [bucket for bucket in own if bucket.window_s == fact.window_s]
    return exact[0] if exact else min(own, key=lambda bucket: bucket.window_s, default=None)


def _least_left(facts: list[LimitFact]) -> tuple[int, float | None]:
    """Of several that are used up, the one whose reset is last."""
    left = min(fact.remaining or 0 for fact in facts)
    resets = [fact.reset_s for fact in facts if fact.remaining == left]
    if left:
        return left, resets[0]
    return 0, max((reset for reset in resets if reset), default=resets[0])


def _period_end_ms(bucket: Bucket, at_ms: int) -> int:
    return bucket.window.ends(at_ms / 1000)[1] * 1000
