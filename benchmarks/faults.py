"""Faults: dead routes, revoked keys, wrong answers; the rest delivers everything, and nothing is wasted on them."""

import time
from collections.abc import Iterator
from itertools import combinations

from benchmarks.rig.harness import Bench, main
from benchmarks.rig.report import Row, aim, count, fact
from benchmarks.rig.site import Site

CALLS_TO_THE_DEAD = 4
WAYS_TO_DIE = ("503", "401", "reset")
PROVIDERS = tuple(f"p{number}" for number in range(5))
RECOVERY_S = 10.0


def faults(bench: Bench) -> Iterator[Row]:
    items = 60 if bench.is_small else 300
    with bench.site(workers=2, lanes=4, calls=13, pool=2) as site:  # about 50 in flight
        yield from _champion_is_dead(site, items)
        yield from _some_answers_are_wrong(site, items)
        yield from _key_is_revoked(site, is_small=bench.is_small)
        yield from _three_of_five_are_dead(site, combos=2 if bench.is_small else 10)
        yield from _all_are_dead(site, is_small=bench.is_small)


def _champion_is_dead(site: Site, items: int) -> Iterator[Row]:
    site.add_provider("champion", "champion--503", "spare--good")
    batch = site.wait(site.order(items), 120)
    calls = site.sandbox.models()["champion--503"]["calls"]
    yield count("champion always 503: delivered", batch["generated"], exactly=items)
    yield count("champion always 503: calls to it, 50 in flight", calls, at_most=CALLS_TO_THE_DEAD)
    _away_with(site, "champion")


def _some_answers_are_wrong(site: Site, items: int) -> Iterator[Row]:
    """Each faulty answer forces one more call, and nothing else does."""
    site.sandbox.start_anew(200)
    site.add_provider("faulty", "main--mix-500:10-malformed:10", "spare--mix-500:10-malformed:10")
    batch = site.wait(site.order(items), 120)
    rows = site.sandbox.models().values()
    calls = sum(row["calls"] for row in rows)
    faulty = sum(row["calls"] - row["behaviours"].get("good", 0) for row in rows)
    yield count("10 % 500s, 10 % malformed: delivered", batch["generated"], exactly=items)
    yield fact("10 % 500s, 10 % malformed: calls", f"{calls} for {items} items, {faulty} answers were faulty")
    yield count("10 % 500s, 10 % malformed: calls that no fault forced", calls - items - faulty, exactly=0)
    _away_with(site, "faulty")


def _key_is_revoked(site: Site, *, is_small: bool) -> Iterator[Row]:
    """The batch goes on elsewhere, long enough to see that the key is left alone."""
    site.sandbox.start_anew(500)
    site.sandbox.behave("401", key="old-key")
    site.add_provider("revoked", "main--good", key="old-key")
    site.add_provider("other", "spare--good")
    batch_id = site.order(5000)
    site.wait(batch_id, 30, lambda batch: batch["generated"] > 0)
    time.sleep(1 if is_small else 8)
    calls = site.sandbox.calls_of_key("old-key")
    yield count("key revoked: calls with it, 2 workers", calls, at_most=CALLS_TO_THE_DEAD)
    site.set_key("revoked", "new-key")
    edited = time.time()
    first = _first_call(site, "new-key", edited, 10)
    yield aim("key edited: seconds to the first call with it", first - edited, at_most=1, unit=" s")
    batch = site.stop(batch_id)
    later = [call["time"] - edited for call in site.sandbox.calls(edited) if call["key"] == "old-key"]
    yield aim("key edited: the last call with the old one after it", max(later, default=0.0), at_most=1, unit=" s")
    yield fact("key edited: calls with the old one after it", len(later))
    yield count("key revoked: failed items", batch["failed"], exactly=0)
    _away_with(site, "revoked", "other")


def _three_of_five_are_dead(site: Site, combos: int) -> Iterator[Row]:
    """Each combination with new keys, by which the breakers are closed."""
    for provider in PROVIDERS:
        site.add_provider(provider, f"{provider}--good")
    lost = worst = 0
    items = 20
    for number, dead in enumerate(list(combinations(PROVIDERS, 3))[:combos]):
        site.sandbox.start_anew(100)
        for provider in PROVIDERS:
            site.set_key(provider, f"{provider}-{number}")
        for provider, way in zip(dead, WAYS_TO_DIE, strict=True):
            site.sandbox.behave(way, key=f"{provider}-{number}")
        batch = site.wait(site.order(items), 120)
        lost += items - batch["generated"]
        worst = max(worst, *(site.sandbox.calls_of_key(f"{provider}-{number}") for provider in dead))
    yield count(f"three of five dead, {combos} combinations: lost", lost, exactly=0)
    yield count("three of five dead: most calls to a dead one", worst, at_most=CALLS_TO_THE_DEAD)


def _all_are_dead(site: Site, *, is_small: bool) -> Iterator[Row]:
    site.sandbox.start_anew(100)
    for provider in PROVIDERS:
        site.set_key(provider, f"{provider}-dead")
        site.sandbox.behave("503", key=f"{provider}-dead")
    items = 20
    batch_id = site.order(items)
    batch = site.wait(batch_id, 60, lambda batch: batch["status"] == "paused")
    yield count("all dead: paused", int(batch["status"] == "paused"), exactly=1)
    yield fact("all dead: it says", batch["status_reason"][:70])
    calls = [site.sandbox.calls_of_key(f"{provider}-dead") for provider in PROVIDERS]
    yield count("all dead: most calls to one", max(calls), at_most=CALLS_TO_THE_DEAD)
    if is_small:
        site.stop(batch_id)
        return
    time.sleep(RECOVERY_S)
    site.sandbox.behave(None, key=f"{PROVIDERS[-1]}-dead")
    back = time.time()
    batch = site.wait(batch_id, 180)
    yield count("one comes back: delivered", batch["generated"], exactly=items)
    yield fact("one comes back: seconds to the batch's end", f"{time.time() - back:.1f}")
    calls = [site.sandbox.calls_of_key(f"{provider}-dead") for provider in PROVIDERS[:-1]]
    yield fact("one comes back: calls to each of the others in all", ", ".join(map(str, calls)))


def _first_call(site: Site, key: str, since: float, timeout_s: float) -> float:
    """When the first good call with the key was sent; the end of the patience where there was none."""
    while time.time() < since + timeout_s:
        times = [call["time"] for call in site.sandbox.calls(since - 1) if call["key"] == key and call["status"] == 200]
        if times:
            return float(min(times))
        time.sleep(0.1)
    return since + timeout_s


def _away_with(site: Site, *providers: str) -> None:
    for provider in providers:
        site.api("DELETE", f"providers/{provider}")


if __name__ == "__main__":
    main({"faults": faults})
