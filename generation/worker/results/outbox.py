"""The results of a lane on their way into the database: in groups, a moment late at most, never lost."""

import asyncio
import logging
from uuid import UUID

from generation.models import Batch
from generation.worker.lane.database import Database
from generation.worker.results import saving, unsaved
from generation.worker.results.saving import GROUP, Result
from providers.database import DatabaseAway

logger = logging.getLogger(__name__)

LATE_S = 0.7


class Outbox:
    """Saves what it is given until it is closed. What cannot be saved in the end stands in a file of ``unsaved``."""

    def __init__(self, database: Database, batch: Batch, lease_token: UUID) -> None:
        self._database = database
        self._batch = batch
        self._lease_token = lease_token
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
        if not self._results:
            self._oldest_at = asyncio.get_running_loop().time()
        self._results.append(result)
        if len(self._results) in (1, GROUP):
            self._changed.set()

    async def close(self) -> None:
        """Save what is left, in a database or else in a file."""
        self._is_closing = True
        self._changed.set()
        await self._saving

    async def _save_all(self) -> None:
        while await self._is_due():
            group = self._results[:GROUP]
            try:
                refused = await self._database.patiently(saving.save_all, self._batch.pk, self._lease_token, group)
            except DatabaseAway as error:  # only in a hurry: the worker must stop
                logger.warning("batch %s: %s; what is not saved goes into a file", self._batch.pk, error)
                unsaved.keep(self._batch, self._lease_token, self._results)
                group = self._results[:]
            else:
                unsaved.set_aside(self._batch, self._lease_token, refused)
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
