"""Large: a hundred thousand items, ordered and worked on, and what each process keeps in memory for it."""

import time
from collections.abc import Iterator

from benchmarks.rig.harness import Bench, main
from benchmarks.rig.report import Row, aim, count, fact


def large(bench: Bench) -> Iterator[Row]:
    items, seconds = (3000, 3) if bench.is_small else (100_000, 60)
    with bench.site(latency_ms=0, lanes=2, calls=50) as site:
        site.add_provider("large", "main--sized-3000")
        asked = time.perf_counter()
        batch_id = site.order(items)
        answered_s = time.perf_counter() - asked
        site.wait(batch_id, seconds)
        batch = site.stop(batch_id)
        yield aim(f"an order of {items:,} answers in", answered_s, at_most=2, unit=" s")
        yield fact(f"made in {seconds} s, without latency", batch["generated"])
        yield fact("planned by then", batch["planned"])
        yield count("samples that are not counted", site.samples(batch_id) - batch["generated"], exactly=0)
        for name, usages in site.usage().items():
            peak_mb = max(usage.peak_mb for usage in usages)
            yield aim(f"peak MB, largest process of {name}", peak_mb, at_most=300, form=".0f")


if __name__ == "__main__":
    main({"large": large})
