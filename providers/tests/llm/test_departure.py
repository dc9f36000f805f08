"""When a request was written, as the shared store is told of it."""

import asyncio
import time

import pytest

from providers.llm.http import departure
from providers.llm.types import ModelFacts
from providers.tests.llm.adapters import REQUEST, endpoint, using

BUSY_S, ANSWER_S = 0.2, 1.0


@pytest.mark.parametrize("adapter", ["openai", "mistral"])
def test_a_request_counts_from_when_it_was_written_not_from_when_it_was_begun(sandbox, adapter):
    async def call(client):
        left = departure.watch()
        begun = left.at
        asyncio.get_running_loop().call_soon(time.sleep, BUSY_S)  # what a wave of other calls does to the loop
        await client.complete(ModelFacts("slow-1s"), REQUEST)
        return left.at - begun, time.monotonic() - left.at

    waited_s, answered_s = using(endpoint(adapter, sandbox.url, timeout_s=60), call)
    assert waited_s >= BUSY_S
    assert answered_s >= ANSWER_S - 0.1
