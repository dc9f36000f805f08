"""Scale: 278 lanes and 55 routes on a virtual clock, by the real policy, over the oracle in the place of Redis."""

import os
from collections.abc import Iterator
from statistics import mean
from typing import TYPE_CHECKING

from benchmarks.rig.harness import Bench, main
from benchmarks.rig.report import Row, aim, count, fact

if TYPE_CHECKING:
    from generation.tests.simulation.simulation import Findings

CALLS_TO_THE_DEAD = 12


def scale(bench: Bench) -> Iterator[Row]:
    _configure(bench)
    from generation.tests.simulation.simulation import FULL, SMALL, simulate  # noqa: PLC0415 - needs Django's settings

    findings = simulate(SMALL if bench.is_small else FULL)
    size = findings.size
    yield fact("lanes, routes, virtual minutes", f"{size.lanes}, {size.providers * size.models}, {size.minutes}")
    yield fact("calls", findings.calls)
    yield count("requests too many, by the vendors' own count", findings.refused("requests"), exactly=0)
    yield fact("calls too many by their tokens, which are estimates", findings.refused("tokens"))
    yield from _shares(findings)
    if not bench.is_small:
        yield aim(
            "equal batches: off their mean, all routes together", 100 * findings.unfairness(), at_most=5, unit=" %"
        )
        yield fact("equal batches: the least of its equals' mean", f"{findings.worst_off():.2f}")
    yield fact("roaming batches, made", ", ".join(f"{key.word} {made}" for key, made in findings.roaming().items()))
    dead = findings.dead()
    yield count(f"most calls to a dead route, of {len(dead)}", max(dead.values()), at_most=CALLS_TO_THE_DEAD)
    yield fact("calls to dead routes in all", sum(dead.values()))
    yield count("failed items", len(findings.failures()), exactly=0)
    yield fact("the store is asked, times a second", round(findings.asked / (60 * size.minutes)))
    yield fact("the store is asked, times a call", round(findings.asked / findings.admitted))


def _shares(findings: "Findings") -> Iterator[Row]:
    steady, failing = (list(findings.shares(fails=fails).values()) for fails in (False, True))
    yield aim("tightest limit of each route: mean share used", mean(steady), at_least=0.95, form=".3f")
    yield fact("tightest limit of each route: least share used", f"{min(steady):.3f}")
    yield fact("routes below 0.95", f"{sum(share < 0.95 for share in steady)} of {len(steady)}")
    yield fact("vendors that fail one call in ten: mean share used", f"{mean(failing):.3f}")


def _configure(bench: Bench) -> None:
    """Django for its models' sake: nothing is asked of a database."""
    servers = bench.servers
    os.environ.update(
        servers.environment,
        DJANGO_SETTINGS_MODULE="legalds.settings",
        DATABASE_URL=servers.database_url,
        REDIS_URL=servers.redis_url,
    )
    import django  # noqa: PLC0415 - reads the environment that was just set

    django.setup()


if __name__ == "__main__":
    main({"scale": scale})
