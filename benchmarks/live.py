"""Live: what is changed through the API reaches every worker process of a running batch within a second."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from benchmarks.rig.harness import Bench, main
from benchmarks.rig.report import Row, aim, count, fact
from benchmarks.rig.site import Site

LATENCY_S = 0.2
FOLLOWED_WITHIN_S = 1.0
WATCHED_S = 3.5
FOLLOWED_AT_ALL_S = 2.5  # a second before the end of the watch
SETTLE_S = 1.2
RPM, AMPLE_RPM = 20, 100_000


@dataclass(frozen=True, slots=True)
class Change:
    """What is told by ``do``, and taken back by ``undo``.

    Calls to ``old`` (a key or a model) are what must end; calls to ``new`` show that the batch goes on, where it must.
    """

    name: str
    do: Callable[[Site, str], object]
    undo: Callable[[Site, str], object]
    old: str
    new: str


def _toggle(*, enabled: bool) -> Callable[[Site, str], object]:
    return lambda site, _key: site.api("POST", "providers/first/toggle", {"enabled": enabled})


def _order(*models: str) -> Callable[[Site, str], object]:
    body = {"provider_id": "first", "model_order": list(models)}
    return lambda site, _key: site.api("POST", "models/reorder", body)


def _limit(requests_per_minute: int) -> Callable[[Site, str], object]:
    body = {"requests_per_minute": requests_per_minute}
    return lambda site, _key: site.api("PATCH", "providers/first", body)


def _key(site: Site, key: str) -> None:
    site.set_key("first", key)


CHANGES = (
    Change("toggle off", _toggle(enabled=False), _toggle(enabled=True), "{key}", "key-of-second"),
    Change("new key", _key, _key, "{key}", "{next}"),
    Change("new order", _order("b--good", "a--good"), _order("a--good", "b--good"), "a--good", "b--good"),
    # More than that have left in the last minute: none may follow.
    Change("new limit", _limit(RPM), _limit(AMPLE_RPM), "{key}", ""),
)


@dataclass(frozen=True, slots=True)
class Try:
    """When the last call by the old configuration came after the answer, and whether any came by the new."""

    name: str
    last_s: float
    went_on: bool


def live(bench: Bench) -> Iterator[Row]:
    tries = 4 if bench.is_small else 20
    with bench.site(latency_ms=LATENCY_S * 1000, workers=2, lanes=4, calls=5, pool=2) as site:
        site.add_provider("first", "a--good", "b--good", key="key-0", fields={"requests_per_minute": AMPLE_RPM})
        site.add_provider("second", "c--good")
        batch_id = site.order(50_000)
        site.wait(batch_id, 60, lambda batch: batch["generated"] > RPM * 2)
        done = [_try(site, change, number) for number, change in enumerate(islice(cycle(CHANGES), tries))]
        batch = site.stop(batch_id)
        yield fact("worker processes, calls in flight", "4, 20")
        yield fact("made in that time", batch["generated"])
    in_time, at_all = (sum(found.last_s <= limit for found in done) for limit in (FOLLOWED_WITHIN_S, FOLLOWED_AT_ALL_S))
    yield aim(f"of {tries} changes: followed within 1 s", in_time, at_least=tries, form=".0f")
    yield count(f"of {tries} changes: followed", at_all, exactly=tries)
    yield count(
        f"of {tries} changes: the batch went on by the new", sum(found.went_on for found in done), exactly=tries
    )
    for name in dict.fromkeys(found.name for found in done):
        latest = max(found.last_s for found in done if found.name == name)
        yield aim(f"{name}: the last old call after the answer", latest, at_most=FOLLOWED_WITHIN_S, unit=" s")


def _try(site: Site, change: Change, number: int) -> Try:
    """One change, watched for a while, and taken back."""
    names = {"key": f"key-{number}", "next": f"key-{number + 1}"}
    old, new = change.old.format(**names), change.new.format(**names)
    change.do(site, names["next"])
    answered = time.time()
    time.sleep(WATCHED_S)
    calls = site.sandbox.calls(answered)
    late = [call["time"] - answered for call in calls if old in (call["key"], call["model"])]
    went_on = not new or any(new in (call["key"], call["model"]) for call in calls)
    change.undo(site, names["next"])
    _key(site, names["next"])  # by which the next try's calls are told from these
    time.sleep(SETTLE_S)
    return Try(change.name, max(late, default=0.0), went_on)


if __name__ == "__main__":
    main({"live": live})
