"""Slow: models that answer after 12 s. The share of a limit that needs 120 calls at once, and what 500 at once take.

Nothing is set but the limit, and for the 500 the ceiling of a lane's calls.
"""

import time
from collections.abc import Callable, Iterator

from benchmarks.rig.harness import Bench, main
from benchmarks.rig.report import Row, aim, count, fact
from benchmarks.rig.site import Batch, Site

RPM = 600
LATENCY_S = 12.0
FROM_S, TO_S = 30.0, 150.0
AT_ONCE = 500


def slow(bench: Bench) -> Iterator[Row]:
    latency_s = 1.0 if bench.is_small else LATENCY_S
    with bench.site(latency_ms=latency_s * 1000, calls=300) as site:
        site.sandbox.limit(requests_per_minute=RPM)
        site.add_provider("slow", "main--good", fields={"requests_per_minute": RPM})
        yield from _used(site, "by a worker", site.order, bench.is_small)
        if not bench.is_small:
            site.sandbox.start_anew(latency_s * 1000)
            site.sandbox.limit(requests_per_minute=RPM)
            yield from _used(site, "by --inline", lambda items: _order_inline(site, items), bench.is_small)
    if not bench.is_small:
        with bench.site(latency_ms=latency_s * 1000, lanes=1, calls=AT_ONCE) as site:
            yield from _memory(site)


def _used(site: Site, how: str, order: Callable[[int], int], is_small: bool) -> Iterator[Row]:
    from_s, to_s = (2.0, 6.0) if is_small else (FROM_S, TO_S)
    batch_id = order(round(to_s * RPM / 60) + RPM)
    started = time.time()
    made = []
    for at_s in (from_s, to_s):
        time.sleep(max(0.0, started + at_s - time.time()))
        made.append(site.batch(batch_id)["generated"])
    site.stop(batch_id)
    yield count(f"{how}: 429s", site.sandbox.statuses(429), exactly=0)
    share = (made[1] - made[0]) / ((to_s - from_s) * RPM / 60)
    yield aim(f"{how}: of the limit used between {from_s:.0f} s and {to_s:.0f} s", share, at_least=0.9)


def _order_inline(site: Site, items: int) -> int:
    """The batch, once the process that works it off by itself has started it."""
    last = _newest(site)
    site.start("inline", "generate", "--count", str(items), "--inline")
    while (batch := _newest(site)) is None or batch == last:
        time.sleep(0.05)
    return int(batch["id"])


def _newest(site: Site) -> Batch | None:
    return site.database.execute("SELECT id FROM batches ORDER BY id DESC LIMIT 1").fetchone()


def _memory(site: Site) -> Iterator[Row]:
    """One process with so many calls in flight, held for as long as two answers take."""
    site.add_provider("slow", "main--sized-3000")
    batch_id = site.order(20 * AT_ONCE)
    deadline = time.monotonic() + 120
    while (most := _most_at_once(site)) < AT_ONCE and time.monotonic() < deadline:
        time.sleep(1)
    time.sleep(2 * LATENCY_S)
    yield fact("most calls in flight of one process", f"{most}")
    peak = max(usage.peak_mb for usage in site.usage()["worker0"])
    yield aim("its peak MB", peak, at_most=250, form=".0f")
    site.stop(batch_id)


def _most_at_once(site: Site) -> int:
    """Each call takes as long as the window."""
    return max((row["most_in_window"] for row in site.sandbox.models(LATENCY_S).values()), default=0)


if __name__ == "__main__":
    main({"slow": slow})
