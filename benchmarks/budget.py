"""Budget: the store alone, shared by eight processes that all want more than it allows."""

import asyncio
import multiprocessing
import random
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier

from benchmarks.rig.harness import Bench, main
from benchmarks.rig.report import Row, aim, count, fact
from providers.calling.store.redis_store import connect
from providers.routing.admission import Admission, Admitted
from providers.routing.limits.amounts import Unit
from providers.routing.limits.budget import Bucket
from providers.routing.limits.window import Window
from providers.sandbox.tally import most_in_window

PROCESSES = 8
STEADY_S = 2
PAUSE_S = 1 / 60  # about as often as workers with a hundred calls in flight ask
_starts: list[Barrier] = []


@dataclass(frozen=True, slots=True)
class Run:
    """``limit`` in any ``window_s``, wanted by all processes for so many windows, each pausing after an acquire."""

    url: str
    prefix: str
    limit: int
    window_s: int
    windows: int
    pause_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Acquired:
    """When the store was asked for the call, and when it had admitted it."""

    asked: float
    at: float
    took_s: float


def budget(bench: Bench) -> Iterator[Row]:
    limit, window_s = (60, 2) if bench.is_small else (600, 60)
    prefix = f"{bench.servers.environment['KEY_PREFIX']}-budget"
    run = Run(bench.servers.redis_url, prefix, limit, window_s, windows=2)
    ample = Run(bench.servers.redis_url, f"{prefix}-ample", 1_000_000, window_s=STEADY_S, windows=1, pause_s=PAUSE_S)
    context = multiprocessing.get_context("spawn")
    with context.Pool(PROCESSES, _share, (context.Barrier(PROCESSES),)) as pool:
        contended, steady = (
            [stamp for stamps in pool.map(_contend, [wanted] * PROCESSES, chunksize=1) for stamp in stamps]
            for wanted in (run, ample)
        )
    times = sorted(stamp.at for stamp in contended)
    most = most_in_window(times, window_s)
    used = sum(time < times[0] + run.windows * run.window_s for time in times)
    yield fact("processes, limit, seconds", f"{PROCESSES}, {limit} in {window_s} s, {run.windows * window_s}")
    yield count(f"over the limit in {window_s} s for certain", max(0, _certain(contended, window_s) - limit), exactly=0)
    yield aim(f"over the limit in any {window_s} s, as sent", max(0, most - limit), at_most=0, form=".0f")
    yield aim("share of the allowance used", used / (run.windows * limit), at_least=0.98, form=".3f")
    yield from _durations("an acquire, all eight at once", contended)
    yield from _durations(f"an acquire, {len(steady) / STEADY_S:.0f} a second", steady)


def _durations(what: str, stamps: list[Acquired]) -> Iterator[Row]:
    took_ms = sorted(stamp.took_s * 1000 for stamp in stamps)
    yield aim(f"{what}: median ms", statistics.median(took_ms), at_most=1)
    yield fact(f"{what}: 99th of 100", f"{took_ms[int(len(took_ms) * 0.99)]:.2f}")


def _certain(stamps: list[Acquired], window_s: int) -> int:
    """The most that were both asked for and admitted in one window, however late a busy machine stamped them."""
    return max(
        sum(stamp.asked >= first.asked and stamp.at < first.asked + window_s for stamp in stamps) for first in stamps
    )


def _share(barrier: Barrier) -> None:
    """Each process of the pool knows the barrier at which all of them start."""
    _starts.append(barrier)


def _contend(run: Run) -> list[Acquired]:
    _starts[-1].wait(60)
    return asyncio.run(_acquire(run))


async def _acquire(run: Run) -> list[Acquired]:
    """Ask, wait as told, ask again, until the time is over; stamped when the call would be sent."""
    store = connect(run.url, run.prefix)
    await store.restore((), 0)
    buckets = (Bucket("vendor", Unit.REQUESTS, Window(run.window_s), run.limit),)
    found: list[Acquired] = []
    until = time.time() + run.windows * run.window_s
    try:
        while time.time() < until:
            asked, started = time.time(), time.perf_counter()
            outcome = await store.admit(Admission((), buckets))
            if isinstance(outcome, Admitted):
                found.append(Acquired(asked, time.time(), time.perf_counter() - started))
                if run.pause_s:
                    await asyncio.sleep(random.uniform(0, 2 * run.pause_s))
            else:
                await asyncio.sleep(min(outcome.wait_s, max(0.0, until - time.time())))
    finally:
        await store.aclose()
    return found


if __name__ == "__main__":
    main({"budget": budget})
