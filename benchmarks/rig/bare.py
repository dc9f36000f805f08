"""The baseline: an asyncio + aiohttp loop that posts bodies and parses the answers, and does nothing else.

Run as a process of its own: ``python -m benchmarks.rig.bare URL BODIES_FILE COUNT CALLS_IN_FLIGHT``.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import aiohttp


@dataclass(frozen=True, slots=True)
class Bare:
    """``parsed``: answers that were JSON with a text that is JSON."""

    parsed: int
    per_s: float
    cpu_s_per_1000: float


def run_bare(url: str, bodies: Path, count: int, calls_in_flight: int) -> Bare:
    command = [sys.executable, "-m", "benchmarks.rig.bare", url, str(bodies), str(count), str(calls_in_flight)]
    return Bare(**json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout))


async def loop(url: str, bodies: Iterator[dict[str, Any]], calls_in_flight: int) -> int:
    parsed = 0

    async def work(session: aiohttp.ClientSession) -> None:
        nonlocal parsed
        for body in bodies:
            async with session.post(f"{url}/chat/completions", json=body) as response:
                answer = json.loads(await response.read())
            json.loads(answer["choices"][0]["message"]["content"])
            parsed += 1

    connector = aiohttp.TCPConnector(limit=calls_in_flight)
    async with aiohttp.ClientSession(connector=connector, headers={"Authorization": "Bearer bare"}) as session:
        await asyncio.gather(*(work(session) for _ in range(calls_in_flight)))
    return parsed


def distinct(bodies: list[dict[str, Any]], count: int) -> Iterator[dict[str, Any]]:
    """As many bodies as are wanted, each with a prompt of its own."""
    for number, body in enumerate(islice(cycle(bodies), count)):
        *before, last = body["messages"]
        yield {**body, "messages": [*before, {**last, "content": f"{last['content']}\n{number}"}]}


def main(url: str, bodies: str, count: str, calls_in_flight: str) -> None:
    known = json.loads(Path(bodies).read_text(encoding="utf-8"))
    started, cpu_before = time.perf_counter(), time.process_time()
    parsed = asyncio.run(loop(url, distinct(known, int(count)), int(calls_in_flight)))
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu_before
    print(json.dumps(asdict(Bare(parsed, parsed / seconds, cpu / parsed * 1000))))


if __name__ == "__main__":
    main(*sys.argv[1:])
