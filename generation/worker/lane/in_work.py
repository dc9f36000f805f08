"""The items that a lane has in work: as many at once as calls can use, the next one begun from a backlog.

How many calls may be under way is for the shared store to say, by limits and by how the vendor bears them. A lane only
has to have enough items at hand that ask for leave: so they grow with the calls that are let out, and shrink
with them.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from generation.models import Item
from generation.worker.results.saving import Result

READY = 16
"""Items in work that have no call under way, at least: they ask for leave, or wait for a limit."""
BITE = 50
"""Items claimed before there is room for them, so that what ends is followed without a wait for the database."""
LOW = 15


def room(in_flight: int, ceiling: int) -> int:
    """How many items to have in work with so many calls under way: as many again, so that calls can double at once."""
    return min(ceiling, in_flight + max(READY, in_flight))


def share(open_items: int, lanes: int) -> int:
    """How many of a batch's open items one of so many lanes may hold, so that none is idle at the batch's end.

    What it holds beyond that, since lanes came and items were done, it lets go as far as it is not begun.
    """
    return -(-open_items // lanes)


class ItemsInWork:
    """``claim`` leases up to so many items, ``work`` does one, ``deliver`` takes what came of it; ``size`` is how many
    may be in work now.

    ``open_items`` and ``lanes`` are what is known of the batch; whoever learns more writes it. ``error`` is why
    claiming ended, where it broke.
    """

    def __init__(
        self,
        size: Callable[[], int],
        lanes: int,
        open_items: int,
        *,
        claim: Callable[[int], Awaitable[list[Item]]],
        work: Callable[[Item], Coroutine[Any, Any, Result]],
        deliver: Callable[[Result], None],
    ) -> None:
        self.open_items, self.lanes = open_items, lanes
        self.backlog: deque[Item] = deque()
        self.error: Exception | None = None
        self._size = size
        self._claim, self._work, self._deliver = claim, work, deliver
        self._working: dict[asyncio.Task[Result], Item] = {}
        self._claiming: asyncio.Task[None] | None = None
        self._is_open = True
        self._is_exhausted = False
        self._idle = asyncio.Event()

    def __len__(self) -> int:
        """Items in work."""
        return len(self._working)

    @property
    def held(self) -> set[int]:
        """The keys of the items that are in work or wait for room."""
        return {item.pk for item in (*self._working.values(), *self.backlog)}

    def look_again(self) -> None:
        """There may be items to claim where there were none."""
        self._is_exhausted = False
        self.fill()

    @property
    def is_claiming(self) -> bool:
        return self._claiming is not None

    def let_go(self) -> list[int]:
        """The keys of what waits for room here beyond the lane's share: others could begin it now."""
        surplus = len(self._working) + len(self.backlog) - share(self.open_items, self.lanes)
        return [self.backlog.pop().pk for _ in range(min(surplus, len(self.backlog)))]

    def shut(self) -> None:
        """Nothing new begins; what waits for room is let go."""
        self._is_open = False
        self.backlog.clear()
        self.fill()

    def cut_off(self) -> None:
        """End what is in work, finished or not."""
        for task in self._working:
            task.cancel()

    async def until_idle(self, timeout_s: float) -> bool:
        """Whether nothing is in work and nothing more comes, within the time."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True

    def fill(self) -> None:
        """Begin what there is room for, and claim more where that runs low."""
        size = self._size()
        while self._is_open and self.backlog and len(self._working) < size:
            self._begin(self.backlog.popleft())
        if self._is_open and not self._is_exhausted and self._claiming is None and (wanted := self._wanted()):
            self._claiming = asyncio.create_task(self._claim_more(wanted))
        if self._working or self._claiming:
            self._idle.clear()
        else:
            self._idle.set()

    def _wanted(self) -> int:
        size, in_work = self._size(), len(self._working)
        if len(self.backlog) > LOW and in_work >= size:
            return 0
        may_hold = min(size + BITE, share(self.open_items, self.lanes))
        return max(0, may_hold - in_work - len(self.backlog))

    def _begin(self, item: Item) -> None:
        task = asyncio.create_task(self._work(item))
        self._working[task] = item
        task.add_done_callback(self._end)

    def _end(self, task: "asyncio.Task[Result]") -> None:
        del self._working[task]
        if not task.cancelled():  # cut off before it began
            self._deliver(task.result())
        self.fill()

    async def _claim_more(self, wanted: int) -> None:
        try:
            items = await self._claim(wanted)
        except Exception as error:  # noqa: BLE001 - raised by the lane, once it has saved what is in flight
            self.error, self._is_open = error, False
        else:
            self._is_exhausted = len(items) < wanted
            self.backlog += items if self._is_open else ()
        self._claiming = None
        self.fill()
