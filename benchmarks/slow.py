"""Slow: a model that answers after 12 s, under a limit that needs 120 calls at once; nothing is set but the limit."""

import time
from collections.abc import Iterator

from benchmarks.rig.harness import Bench, main
from benchmarks.rig.report import Row, aim, count

RPM = 600
LATENCY_S = 12.0
FROM_S, TO_S = 30.0, 150.0


def slow(bench: Bench) -> Iterator[Row]:
    latency_s = 1.0 if bench.is_small else LATENCY_S
    from_s, to_s = (2.0, 6.0) if bench.is_small else (FROM_S, TO_S)
    with bench.site(latency_ms=latency_s * 1000, calls=300) as site:
        site.sandbox.limit(requests_per_minute=RPM)
        site.add_provider("slow", "main--good", fields={"requests_per_minute": RPM})
        batch_id = site.order(round(to_s * RPM / 60) + RPM)
        started = time.time()
        made = []
        for at_s in (from_s, to_s):
            time.sleep(max(0.0, started + at_s - time.time()))
            made.append(site.batch(batch_id)["generated"])
        site.stop(batch_id)
        yield count("429s", site.sandbox.statuses(429), exactly=0)
        share = (made[1] - made[0]) / ((to_s - from_s) * RPM / 60)
        what = f"of the limit used between {from_s:.0f} s and {to_s:.0f} s"
        yield aim(what, share, at_least=0.9)


if __name__ == "__main__":
    main({"slow": slow})
