"""Tokens: answers of varying length where tokens are the limit, once with room for dozens and once for three."""

import time
from collections.abc import Iterator
from typing import Any

from benchmarks.rig.harness import Bench, main
from benchmarks.rig.report import Row, aim, count, fact
from benchmarks.rig.site import Site

MINUTES = 3
MODEL = "main--varied"
ROOMY = {"tokens_per_minute": 60_000}
SMALL = {"requests_per_minute": 25, "tokens_per_minute": 5_500}
LONGEST_GAP_S = 75.0


def tokens(bench: Bench) -> Iterator[Row]:
    yield from _under(bench, ROOMY, at_least=0.92)
    if not bench.is_small:
        yield from _under(bench, SMALL, at_least=None)


def _under(bench: Bench, limits: dict[str, int], *, at_least: float | None) -> Iterator[Row]:
    """The batch runs for some full minutes and is stopped; at small size it is only finished."""
    name = ", ".join(f"{limit:,} {unit[0].upper()}PM" for unit, limit in limits.items())
    with bench.site(workers=2, lanes=2, calls=16) as site:
        site.sandbox.limit(**limits)
        site.add_provider("tokens", MODEL, fields=limits)
        items = 12 if bench.is_small else 1000
        batch_id = site.order(items)
        if bench.is_small:
            batch = site.wait(batch_id, 30)
        else:
            _let_run(site)
            batch = site.stop(batch_id)
        calls = [call for call in site.sandbox.calls() if call["status"] == 200]
        yield count(f"{name}: 429s", site.sandbox.statuses(429), exactly=0)
        if bench.is_small:
            yield count(f"{name}: delivered", batch["generated"], exactly=items)
            return
        yield count(f"{name}: answers that were not kept", len(calls) - batch["generated"], exactly=0)
        yield from _shares(name, calls, limits["tokens_per_minute"], at_least)


def _let_run(site: Site) -> None:
    """From the first call on, for so many full minutes."""
    while not (calls := site.sandbox.calls()):
        time.sleep(0.1)
    time.sleep(max(0.0, calls[0]["time"] + MINUTES * 60 - time.time()))


def _shares(name: str, calls: list[dict[str, Any]], limit: int, at_least: float | None) -> Iterator[Row]:
    first = calls[0]["time"]
    times = [call["time"] - first for call in calls]
    minutes = [sum(int(time // 60) == minute for time in times) for minute in range(MINUTES)]
    spent = sum(call["tokens"] for call, time in zip(calls, times, strict=True) if time < MINUTES * 60)
    gap_s = max(after - before for before, after in zip(times, [*times[1:], MINUTES * 60.0], strict=True))
    yield fact(f"{name}: calls in each minute", ", ".join(map(str, minutes)))
    yield aim(f"{name}: share of the tokens used", spent / limit / MINUTES, at_least=at_least)
    yield aim(f"{name}: longest wait for a call", gap_s, at_most=LONGEST_GAP_S, form=".1f", unit=" s")


if __name__ == "__main__":
    main({"tokens": tokens})
