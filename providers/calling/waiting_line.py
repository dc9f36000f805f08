"""The line of items that wait for one route: first come, first served, and only the first ones ask the shared store."""

import asyncio
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from providers.calling.store.protocol import Store
from providers.routing.admission import Admission, Admitted, Obstacle, Refused, StoreLost, StoreUnavailable
from providers.routing.limits.urgency import ASKED_AGAIN_S, Urgency

ASKED_AT_ONCE = 16
LONGEST_LOOK_S = 0.5  # who looks for what ends at no known time, and does not find it, looks half as often each time
MOST_IN_VAIN = 64.0  # where doubling ends
SUSPENSION_KNOWN_S = 0.3  # a suspension is believed so long without asking: a person may have lifted it


@dataclass(slots=True, eq=False)
class Waiter:
    """One item in line. ``decision`` becomes None where it should look for its way anew."""

    admission: Admission
    patience_s: float
    entered_at: float
    decision: "asyncio.Future[Admitted | Refused | None]" = field(default_factory=asyncio.Future)

    def would_wait(self, until: float) -> bool:
        return until <= self.entered_at + self.patience_s

    def asking(self, now: float) -> Admission:
        """With the patience that is left."""
        return replace(self.admission, patience_s=max(self.entered_at + self.patience_s - now, 0.0))


class WaitingLine:
    """One route's line in this event loop. ``restore`` is called where the store has lost its data."""

    def __init__(
        self, store: Store, restore: Callable[[], Awaitable[None]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store = store
        self._restore = restore
        self._clock = clock
        self._waiters: deque[Waiter] = deque()
        self._refused: tuple[float, Refused] | None = None
        self._news = asyncio.Event()
        self._serving: asyncio.Task[None] | None = None
        self._width = ASKED_AT_ONCE
        self._in_vain = 1.0

    def __len__(self) -> int:
        return len(self._waiters)

    @property
    def refused(self) -> Refused | None:
        """What those in line wait for."""
        return self._refused[1] if self._refused and self._waiters else None

    @property
    def since(self) -> float:
        """When the first of those in line came."""
        return min((waiter.entered_at for waiter in self._waiters), default=self._clock())

    async def enter(self, admission: Admission, patience_s: float) -> Admitted | Refused | None:
        """Wait up to ``patience_s`` for admission. Refused where that would not do, None where the way has changed.

        Raises StoreUnavailable.
        """
        now = self._clock()
        if self._refused and now < self._refused[0]:
            until, refused = self._refused
            if _is_suspension(refused):
                return refused
            if now + patience_s < until:
                return replace(refused, wait_s=until - now)
        waiter = Waiter(admission, patience_s, now)
        self._waiters.append(waiter)
        if self._serving is None:
            self._serving = asyncio.create_task(self._serve())
        try:
            return await waiter.decision
        except asyncio.CancelledError:
            await asyncio.shield(self._leave(waiter))
            raise

    def tell(self) -> None:
        """A call has come back: those in line may have a place sooner than they were told."""
        self._refused = None
        self._news.set()

    def disperse(self) -> None:
        """The configuration has changed, or nothing may start: everybody looks for his way anew."""
        self._refused = None
        for waiter in self._waiters:
            if not waiter.decision.done():
                waiter.decision.set_result(None)
        self._waiters.clear()
        self._news.set()

    async def aclose(self) -> None:
        """Send everybody away, and wait for what is being asked: a call let out to nobody must be given back."""
        self.disperse()
        if self._serving is not None:
            await asyncio.wait([self._serving])

    async def _leave(self, waiter: Waiter) -> None:
        """A cancelled item may have been admitted just then: what it was given goes back."""
        if waiter in self._waiters:
            self._waiters.remove(waiter)
        elif waiter.decision.done() and not waiter.decision.cancelled() and not waiter.decision.exception():
            await self._give_back(waiter.decision.result())

    async def _give_back(self, decision: Admitted | Refused | None) -> None:
        if isinstance(decision, Admitted):
            await self._store.release(decision.reservation)

    async def _serve(self) -> None:
        """Ask for the first ones until the line is empty."""
        try:
            while self._waiters:
                self._news.clear()
                await self._ask()
                if self._refused and self._waiters:
                    await self._sleep(self._look_again_s(*self._refused))
        except BaseException as error:  # whatever it was, nobody may be left waiting for ever
            self._fail_all(error)
            if not isinstance(error, StoreUnavailable):
                raise
        finally:
            self._serving = None

    async def _ask(self) -> None:
        """Ask for the first waiters at once; who is refused stays in line where his patience allows it.

        For twice as many as were let out last time: a full route is not asked again and again for all who wait.
        """
        first = [self._waiters[place] for place in range(min(len(self._waiters), self._width))]
        asked = (self._store.admit(waiter.asking(self._clock())) for waiter in first)
        decisions = await asyncio.gather(*asked, return_exceptions=True)
        for waiter, decision in zip(first, decisions, strict=True):
            if isinstance(decision, Admitted):
                await self._hand_over(waiter, decision)
        error = next((decision for decision in decisions if isinstance(decision, BaseException)), None)
        if isinstance(error, StoreLost):
            await self._restore()
            return
        if error is not None:
            raise error
        refused = [decision for decision in decisions if isinstance(decision, Refused)]
        self._in_vain = min(2 * self._in_vain, MOST_IN_VAIN) if len(refused) == len(decisions) else 1.0
        self._width = min(max(1, 2 * (len(decisions) - len(refused))), ASKED_AT_ONCE)
        soonest = min(refused, key=lambda each: each.wait_s, default=None)
        self._refused = None
        if soonest is not None:
            until = self._clock() + soonest.wait_s
            known_until = min(until, self._clock() + SUSPENSION_KNOWN_S) if _is_suspension(soonest) else until
            self._refused = (known_until, soonest)
            self._send_away(soonest, until)

    def _look_again_s(self, until: float, refused: Refused) -> float:
        wait_s = until - self._clock()
        if refused.obstacle.ends_with_a_call:
            wait_s = max(wait_s, min(wait_s * self._in_vain / 2, LONGEST_LOOK_S))
        return min(wait_s, self._asked_again_s(refused))

    def _asked_again_s(self, refused: Refused) -> float:
        """Who waits for room and asks no more does not count as waiting: others would go first."""
        may_go_first = any(each.admission.urgency > Urgency.LOW or each.admission.party for each in self._waiters)
        return ASKED_AGAIN_S if may_go_first and refused.obstacle.is_lack_of_room else math.inf

    async def _hand_over(self, waiter: Waiter, admitted: Admitted) -> None:
        if waiter in self._waiters:
            self._waiters.remove(waiter)
        if waiter.decision.done():  # it has left
            await self._give_back(admitted)
        else:
            waiter.decision.set_result(admitted)

    def _send_away(self, refused: Refused, until: float) -> None:
        """Those who would not wait so long go elsewhere. Nobody waits out a suspension."""
        for waiter in list(self._waiters):
            if _is_suspension(refused) or not waiter.would_wait(until):
                self._waiters.remove(waiter)
                if not waiter.decision.done():
                    waiter.decision.set_result(refused)

    async def _sleep(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(max(seconds, 0.001)):
                await self._news.wait()

    def _fail_all(self, error: BaseException) -> None:
        reason = error if isinstance(error, Exception) else StoreUnavailable("The lane ended.")
        waiters, self._waiters = self._waiters, deque()
        for waiter in waiters:
            if not waiter.decision.done():
                waiter.decision.set_exception(reason)


def _is_suspension(refused: Refused) -> bool:
    return refused.obstacle is Obstacle.SUSPENDED
