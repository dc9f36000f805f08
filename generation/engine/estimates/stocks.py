"""What buckets hold over time, as fluids: what is free, and what comes back when."""

from collections import deque

from providers.routing.limits.budget import Bucket
from providers.routing.limits.use import Leave, Use

NOTHING = 1e-9
"""As a share of a limit: so little is none."""
TOGETHER_S = 1e-6
STEPS_IN_WINDOW = 2
"""A window of fewer steps is a rate: in so long a step it comes back as it goes."""


class Stock:
    """One bucket. ``step`` is called for each span of time in turn, ``take`` for each part of it; where it has become a
    rate, ``inflow`` is all that there is to know.

    Times count from the start. A sliding window gives back what was used a window later, as evenly as it was used; a
    calendar's period gives all back at its end.
    """

    def __init__(self, bucket: Bucket, use: Use, starts_at_s: float, *, is_rate: bool = False) -> None:
        self.bucket = bucket
        self.free = float(bucket.limit - use.used)
        self._none = NOTHING * bucket.limit
        self.inflow = 0.0
        self.is_rate = is_rate or bucket.is_smooth
        self._starts_at_s = starts_at_s
        self._whole_s = bucket.window_s if bucket.window.time_zone else bucket.span_ms / 1000
        self._ends_s = self._end_s(0.0)
        self._leaves = deque(map(self._not_after_the_end, use.leaves))
        self._taken = 0.0

    @property
    def limits(self) -> bool:
        """Whether no more may flow than comes back."""
        return self.free <= self._none

    @property
    def flow(self) -> float:
        """Units a second that may flow while it ``limits``; a debt is paid first."""
        return self.inflow if self.free > -self._none else 0.0

    def next_s(self, at_s: float) -> float:
        """When a step from then must end, so that a period's end lies between two of them."""
        if self._ends_s <= at_s:
            self._ends_s = self._end_s(at_s)
        return self._ends_s

    def next_change_s(self, at_s: float) -> float:
        """When a step from then had better end: something begins to come back, or it has."""
        if not self._leaves:
            return float("inf")
        first = self._leaves[0]
        return first.from_s if first.from_s > at_s else first.to_s

    def step(self, from_s: float, to_s: float) -> None:
        if not self.is_rate and self._whole_s < STEPS_IN_WINDOW * (to_s - from_s):
            self.is_rate = True
        if self.is_rate:
            self.inflow = self.bucket.limit / max(self._whole_s, self.bucket.gap_ms * self.bucket.limit / 1000)
            return
        self.inflow = self._returned(from_s, to_s) / (to_s - from_s)
        self._taken = 0.0

    def take(self, used: float, seconds: float) -> None:
        self._taken += used
        self.free += self.inflow * seconds - used
        if abs(self.free) <= self._none:
            self.free = 0.0

    def step_is_over(self, from_s: float, to_s: float, longest_s: float) -> None:
        """What was taken in the step is known to come back; steps that are not so long together are told as one."""
        if self._taken <= 0:
            return
        back_s, until_s = from_s + self._whole_s, to_s + self._whole_s
        if self.bucket.window.time_zone:
            back_s = until_s = self._ends_s
        last = self._leaves[-1] if self._leaves else None
        if last is not None and abs(last.to_s - back_s) < TOGETHER_S and until_s - last.from_s <= longest_s:
            self._leaves[-1] = Leave(last.from_s, until_s, last.amount + self._taken)
        else:
            self._leaves.append(Leave(back_s, until_s, self._taken))

    def lasts_s(self, drain: float) -> float:
        """How long until it begins to limit, or ends to, where so many units a second are used."""
        change = self.inflow - drain
        if self.free > 0 > change or self.free < 0 < change:
            return -self.free / change
        return float("inf")

    def _returned(self, from_s: float, to_s: float) -> float:
        """What comes back in that time: those that leave at one moment at once, with the step that begins then."""
        came = 0.0
        for leave in self._leaves:
            if leave.from_s >= to_s:
                break
            if leave.to_s > leave.from_s:
                overlap = min(leave.to_s, to_s) - max(leave.from_s, from_s)
                came += leave.amount * max(overlap, 0.0) / (leave.to_s - leave.from_s)
            elif leave.to_s <= from_s:
                self.free += leave.amount
        while self._leaves and self._is_over(self._leaves[0], from_s, to_s):
            self._leaves.popleft()
        return came

    @staticmethod
    def _is_over(leave: Leave, from_s: float, to_s: float) -> bool:
        return leave.to_s <= (to_s if leave.to_s > leave.from_s else from_s)

    def _not_after_the_end(self, leave: Leave) -> Leave:
        """A period's entries count for a margin longer, in which a step would go by."""
        at_s = min(leave.to_s, self._ends_s)
        return Leave(at_s, at_s, leave.amount) if self.bucket.window.time_zone else leave

    def _end_s(self, at_s: float) -> float:
        if not self.bucket.window.time_zone:
            return float("inf")
        # A moment later, so that the end itself belongs to the period that begins.
        return self.bucket.window.ends(self._starts_at_s + at_s + 0.5)[1] - self._starts_at_s
