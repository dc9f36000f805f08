"""Whether the drafts of a lane repeat samples that there are: asked in groups, for few statements.

Nothing is locked: what is stored in the meantime is found when the draft is saved.
"""

import asyncio
import logging
from collections.abc import Callable

from django.conf import settings

from generation.worker.lane.database import Database
from providers.calling.cancelling import cancelled
from providers.database import DatabaseAway
from samples.duplicates.lookup import clashes
from samples.quality.draft import Draft
from samples.quality.duplicates.clash import Clash
from samples.quality.findings import Finding

logger = logging.getLogger(__name__)

EVERY_S = 0.3
"""At most so often; the first draft after a while is looked up at once."""


class DuplicateCheck:
    """``begin_more`` is called with each draft that waits: its item has no call under way, so another one may begin."""

    def __init__(self, database: Database, begin_more: Callable[[], None]) -> None:
        self._database = database
        self._begin_more = begin_more
        self.waiting = 0
        """Drafts that wait for their answer: their items are in work, and have no call under way."""
        self._asked: list[tuple[Draft, asyncio.Future[Clash | None]]] = []
        self._asked_at = float("-inf")
        self._asking: asyncio.Task[None] | None = None

    async def look_up(self, draft: Draft) -> tuple[Finding, ...]:
        """What rejects the draft. Where nobody can say now, as the database is away, nothing does."""
        if not settings.CHECK_DUPLICATES:
            return ()
        answer: asyncio.Future[Clash | None] = asyncio.get_running_loop().create_future()
        self._asked.append((draft, answer))
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_all())
        self.waiting += 1
        self._begin_more()
        try:
            clash = await answer
        except asyncio.CancelledError:  # nothing is in flight: the draft is there, and goes on to be saved
            return ()
        finally:
            self.waiting -= 1
        return (clash.finding,) if clash else ()

    async def close(self) -> None:
        if self._asking:
            await cancelled([self._asking])

    async def _ask_all(self) -> None:
        loop = asyncio.get_running_loop()
        while self._asked:
            await asyncio.sleep(max(0.0, self._asked_at + EVERY_S - loop.time()))
            group, self._asked, self._asked_at = self._asked, [], loop.time()
            found = await self._ask([draft for draft, _ in group])
            for (_, answer), clash in zip(group, found, strict=True):
                if not answer.done():  # else its item was cut off meanwhile
                    answer.set_result(clash)

    async def _ask(self, drafts: list[Draft]) -> list[Clash | None]:
        try:
            return await self._database.ask(clashes, drafts)
        except DatabaseAway as error:
            logger.warning("duplicates are looked for when the samples are saved: the database is away: %s", error)
        except Exception:  # an error met here must keep no answer from being saved, where it is met again
            logger.exception("drafts cannot be looked up")
        return [None] * len(drafts)
