"""The results of a lane on their way into the database: in groups, a moment late at most, never lost."""

import asyncio
import logging

from generation.worker.lane.database import Database
from generation.worker.results import recovery, saving
from generation.worker.results.journal import Journal
from generation.worker.results.lines import Source
from generation.worker.results.saving import GROUP, Result
from providers.database import DatabaseAway

logger = logging.getLogger(__name__)

LATE_S = 0.7


class Outbox:
    """Saves what it is given until it is closed. What cannot be saved in the end is left in the journal's file."""

    def __init__(self, database: Database, source: Source, journal: Journal) -> None:
        self._database = database
        self._source = source
        self._journal = journal
        self._results: list[Result] = []
        self._oldest_at = 0.0
        self._is_closing = False
        self._changed = asyncio.Event()
        self._saving = asyncio.create_task(self._save_all())

    @property
    def held(self) -> set[int]:
        """The keys of the items whose results are not saved yet."""
        return {result.item.pk for result in self._results}

    def put(self, result: Result) -> None:
        self._journal.ended(result)
        if not self._results:
            self._oldest_at = asyncio.get_running_loop().time()
        self._results.append(result)
        if len(self._results) in (1, GROUP):
            self._changed.set()

    async def close(self) -> None:
        """Save what is left, or leave it in the file."""
        self._is_closing = True
        self._changed.set()
        try:
            await self._saving
        finally:
            self._journal.close()

    async def _save_all(self) -> None:
        while await self._is_due():
            group, source = self._results[:GROUP], self._source
            try:
                refused = await self._database.patiently(saving.save_all, source.batch_id, source.lease_token, group)
            except DatabaseAway as error:  # only in a hurry: the worker must stop
                logger.warning("batch %s: %s; what is not saved stays in a file", source.batch_id, error)
                self._results.clear()
                return
            recovery.set_aside(source, refused)
            self._journal.saved(group)
            del self._results[: len(group)]
            self._oldest_at = asyncio.get_running_loop().time()

    async def _is_due(self) -> bool:
        """Wait for a group to save; False once everything is saved and nothing more comes."""
        loop = asyncio.get_running_loop()
        while not self._is_closing and len(self._results) < GROUP:
            wait_s = self._oldest_at + LATE_S - loop.time() if self._results else None
            if wait_s is not None and wait_s <= 0:
                return True
            self._changed.clear()
            try:
                async with asyncio.timeout(wait_s):
                    await self._changed.wait()
            except TimeoutError:
                return True
        return bool(self._results)
