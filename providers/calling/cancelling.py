"""How tasks of ours are brought to their end."""

import asyncio
from collections.abc import Iterable

AGAIN_S = 0.1


async def cancelled(tasks: Iterable["asyncio.Task[None]"]) -> None:
    """Cancel them until they have ended: ``asyncio.wait_for``, which redis-py calls, may swallow a cancellation.

    Before Python 3.12 it does so where what it waits for ends in the same moment (bpo-42130).
    """
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=AGAIN_S)
