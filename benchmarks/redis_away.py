"""Redis away: stopped in mid-batch; calls pause and the batch says why, then it goes on within its limits."""

import time
from collections.abc import Iterator

from benchmarks.rig.harness import Bench, main
from benchmarks.rig.report import Row, aim, count, fact
from benchmarks.rig.servers import FOLDER
from benchmarks.rig.site import Site
from legalds import embedded

RPM = 400
REACTION_S = 1.0  # a call that was admitted may be on its way for so long, on a busy machine


def redis_away(bench: Bench) -> Iterator[Row]:
    if not bench.servers.are_ours:
        yield fact("not run", "this Redis is not ours to stop")
        return
    items, away_s, latency_ms, before = (200, 3, 1000, 1) if bench.is_small else (450, 5, 200, 50)
    with bench.site(latency_ms=latency_ms, workers=2, lanes=4, calls=5, pool=2) as site:
        site.sandbox.limit(requests_per_minute=RPM)
        site.add_provider("redis-away", "main--good", fields={"requests_per_minute": RPM})
        batch_id = site.order(items)
        site.wait(batch_id, 60, lambda batch: batch["generated"] >= before)
        stopped, starting, started, reasons = _take_away(site, batch_id, away_s)
        batch = site.wait(batch_id, 240)
        times = [call["time"] for call in site.sandbox.calls()]
        yield fact("made before, in all", f"{sum(time < stopped for time in times)}, {batch['generated']}")
        yield count("delivered", batch["generated"], exactly=items)
        yield count("429s", site.sandbox.statuses(429), exactly=0)
        sent = sum(stopped + REACTION_S < time < starting for time in times)
        yield count("calls sent while it was away", sent, exactly=0)
        yield count("times the batch said why, asked twice a second", len(reasons), at_least=1)
        yield fact("it said", (reasons or ["nothing"])[-1][:70])
        after = [time - started for time in times if time > started]
        yield aim("seconds from its return to the first call", min(after, default=240.0), at_most=10, unit=" s")
        yield count("items paid for twice", len(times) - items, at_most=0)


def _take_away(site: Site, batch_id: int, away_s: float) -> tuple[float, float, float, list[str]]:
    """When Redis was stopped, until when it was surely away, when it was back, and what the batch said in between."""
    reasons: list[str] = []
    embedded.stop(FOLDER, ["Valkey"])
    stopped = time.time()
    try:
        while time.time() < stopped + away_s:
            time.sleep(0.5)
            reasons.append(site.batch(batch_id)["status_reason"])
    finally:
        starting = time.time()
        embedded.start(FOLDER)
    return stopped, starting, time.time(), [reason for reason in reasons if reason]


if __name__ == "__main__":
    main({"redis_away": redis_away})
