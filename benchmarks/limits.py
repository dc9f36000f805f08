"""Limits: more items than a minute allows, on two workers, against a vendor that counts in a true sliding minute."""

import time
from collections.abc import Iterator

from benchmarks.rig.harness import Bench, main
from benchmarks.rig.report import Row, aim, count, fact

RPM = 200
LATENCY_S = 0.2


def limits(bench: Bench) -> Iterator[Row]:
    items = 40 if bench.is_small else 300
    with bench.site(latency_ms=LATENCY_S * 1000, workers=2, lanes=2, calls=25) as site:
        site.sandbox.limit(requests_per_minute=RPM)
        site.add_provider("limits", "main--good", fields={"requests_per_minute": RPM})
        ordered = time.time()
        batch = site.wait(site.order(items), 300)
        ended = time.time()
        main_model = site.sandbox.models()["main--good"]
        yield count("delivered", batch["generated"], exactly=items)
        yield count("429s", site.sandbox.statuses(429), exactly=0)
        yield count("most calls in any 60 s", main_model["most_in_window"], at_most=RPM)
        ideal_s = 60.0 * ((items - 1) // RPM) + LATENCY_S
        if bench.is_small:
            return
        took_s = main_model["last"] + LATENCY_S - main_model["first"]
        yield fact("ideal seconds", f"{ideal_s:.1f}")
        yield aim("over it, first call to last answer", (took_s / ideal_s - 1) * 100, at_most=2, unit=" %")
        yield fact("over it, order to end of batch", f"{((ended - ordered) / ideal_s - 1) * 100:.2f} %")


if __name__ == "__main__":
    main({"limits": limits})
