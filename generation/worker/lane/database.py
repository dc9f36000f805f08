"""The lane's way to the database: one thread of its own, so that its loop never waits and one connection serves."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import connections

from providers.database import DatabaseAway, asking

logger = logging.getLogger(__name__)

PAUSE_S = 1.0
LOOK_UP_S = 0.5

P = ParamSpec("P")
T = TypeVar("T")


class Database:
    """``is_hurried`` says when nobody may wait any longer for a database that is away, or that does not answer."""

    def __init__(self, label: str, is_hurried: Callable[[], bool]) -> None:
        self._label = label
        self._is_hurried = is_hurried
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")

    async def ask(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask once; raises DatabaseAway where there is no answer."""
        return await self._ask(lambda: function(*args, **kwargs))

    async def patiently(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask until it answers; raises DatabaseAway only in a hurry. ``function`` may run twice, or after that."""
        while True:
            try:
                return await self._within_patience(self._ask(lambda: function(*args, **kwargs)))
            except DatabaseAway as error:
                if self._is_hurried():
                    raise
                logger.warning("%s: the database is away, trying again: %s", self._label, error)
                await asyncio.sleep(PAUSE_S)

    async def close(self) -> None:
        """Close the connection; a thread that still waits for an answer is left to itself."""
        closing = self._ask(connections.close_all)
        await asyncio.wait({closing}, timeout=LOOK_UP_S)
        self._thread.shutdown(wait=False)

    async def _within_patience(self, answer: "asyncio.Future[T]") -> T:
        while not answer.done():
            await asyncio.wait({answer}, timeout=LOOK_UP_S)
            if self._is_hurried() and not answer.done():
                answer.add_done_callback(lambda late: late.cancelled() or late.exception())
                raise DatabaseAway("no answer in time")
        return answer.result()

    def _ask(self, function: Callable[[], T]) -> "asyncio.Future[T]":
        def call() -> T:
            with asking():
                return function()

        return asyncio.get_running_loop().run_in_executor(self._thread, call)
