"""Smooth: a vendor that enforces its minute by the five seconds, and a provider that is paced evenly for it."""

from collections.abc import Iterator

from benchmarks.rig.harness import Bench, main
from benchmarks.rig.report import Row, aim, count, fact
from benchmarks.rig.site import Site

RPM = 720
WINDOW_S = 5.0
IN_WINDOW = 60
LATENCY_S = 0.2


def smooth(bench: Bench) -> Iterator[Row]:
    items = 36 if bench.is_small else 300
    with bench.site(latency_ms=LATENCY_S * 1000, workers=2, lanes=2, calls=25) as site:
        site.sandbox.limit(requests_per_minute=IN_WINDOW, window_s=WINDOW_S)
        site.add_provider("smooth", "main--good", fields={"requests_per_minute": RPM})
        yield fact("pacing", _paced(site))
        batch = site.wait(site.order(items), 300)
        main_model = site.sandbox.models(WINDOW_S)["main--good"]
        yield count("delivered", batch["generated"], exactly=items)
        yield count("429s", site.sandbox.statuses(429), exactly=0)
        yield count("most calls in any 5 s", main_model["most_in_window"], at_most=IN_WINDOW)
        ideal_s = (items - 1) / (RPM / 60) + LATENCY_S
        took_s = main_model["last"] + LATENCY_S - main_model["first"]
        yield fact("ideal seconds: (n-1)/rate and one latency", f"{ideal_s:.1f}")
        yield aim("over it, first call to last answer", (took_s / ideal_s - 1) * 100, at_most=2, unit=" %")


def _paced(site: Site) -> str:
    """Ask for even pacing, where providers can be told."""
    if "pacing" not in site.api("GET", "providers/smooth"):
        return "window: this version knows no other"
    return str(site.api("PATCH", "providers/smooth", {"pacing": "smooth"})["pacing"])


if __name__ == "__main__":
    main({"smooth": smooth})
