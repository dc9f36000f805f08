"""The slots of a lane: so many items in work at once, the next one begun as soon as one ends, from a backlog."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from generation.models import Item
from generation.worker.saving import Result

BITE = 50
LOW = 15


def ahead(open_items: int, held: int, lanes: int) -> int:
    """How many items to claim before slots are free for them, so that a batch's end is left for every lane.

    ``open_items`` are those of the batch, ``held`` those of this lane: of what others may have or want, half a share.
    """
    return max(0, min(BITE, (open_items - held) // (2 * lanes)))


class Slots:
    """``claim`` leases up to so many items, ``work`` does one, ``deliver`` takes what came of it.

    ``open_items`` is what is known of the batch; whoever learns more writes it. ``error`` is why claiming ended, where
    it broke.
    """

    def __init__(
        self,
        size: int,
        lanes: int,
        open_items: int,
        *,
        claim: Callable[[int], Awaitable[list[Item]]],
        work: Callable[[Item], Coroutine[Any, Any, Result]],
        deliver: Callable[[Result], None],
    ) -> None:
        self.open_items = open_items
        self.backlog: deque[Item] = deque()
        self.error: Exception | None = None
        self._size = size
        self._lanes = lanes
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
        """The keys of the items that are in work or wait for a slot."""
        return {item.pk for item in (*self._working.values(), *self.backlog)}

    def look_again(self) -> None:
        """There may be items to claim where there were none."""
        self._is_exhausted = False
        self.fill()

    @property
    def is_claiming(self) -> bool:
        return self._claiming is not None

    def shut(self) -> None:
        """Nothing new begins; what waits for a slot is let go."""
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
            await asyncio.wait_for(self._idle.wait(), timeout_s)
        except TimeoutError:
            return False
        return True

    def fill(self) -> None:
        """Begin what there is a slot for, and claim more where that runs low."""
        while self._is_open and self.backlog and len(self._working) < self._size:
            self._begin(self.backlog.popleft())
        if self._is_open and not self._is_exhausted and self._claiming is None and (wanted := self._wanted()):
            self._claiming = asyncio.create_task(self._claim_more(wanted))
        if self._working or self._claiming:
            self._idle.clear()
        else:
            self._idle.set()

    def _wanted(self) -> int:
        free = self._size - len(self._working)
        if len(self.backlog) > LOW and not free:
            return 0
        return free + ahead(self.open_items, len(self._working) + len(self.backlog), self._lanes)

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
