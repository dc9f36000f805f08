"""Speed: one worker with everything on, against a loop that only posts and parses, in the same run."""

import json
import re
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.rig import machine
from benchmarks.rig.bare import Bare, run_bare
from benchmarks.rig.harness import Bench, main
from benchmarks.rig.report import Row, aim, count, fact
from benchmarks.rig.servers import FOLDER, Servers
from benchmarks.rig.site import Site

IN_FLIGHT = 100
LATENCY_MS = 200
WARM_UP = 40
MODEL = "main--sized-3000"
STATEMENT = re.compile(rb"^worker\d+\|.*?LOG:  (?:statement|execute [^:]*): (\w+)", re.MULTILINE)
FRAMES = {b"BEGIN", b"COMMIT", b"ROLLBACK", b"SAVEPOINT", b"RELEASE"}


def speed(bench: Bench) -> Iterator[Row]:
    items, rounds = (300, 1) if bench.is_small else (5000, 3)
    cores = machine.cores()
    with bench.site(latency_ms=LATENCY_MS, lanes=cores, calls=IN_FLIGHT // cores, pool=cores) as site:
        started = [usage for usages in site.usage().values() for usage in usages]
        site.add_provider("speed", MODEL)
        bodies = _warm_up(site)
        warm = [usage for usages in site.usage().values() for usage in usages]
        site.sandbox.start_anew(0)
        headroom = run_bare(site.sandbox.url, bodies, 2000, IN_FLIGHT)
        site.sandbox.start_anew(LATENCY_MS)
        yield fact("the sandbox without latency, calls/s", f"{headroom.per_s:.0f}")
        runs = [(run_bare(site.sandbox.url, bodies, items, IN_FLIGHT), *_ours(site, items)) for _ in range(rounds)]
        yield from _rates(items, [run[0] for run in runs], [run[1] for run in runs])
        yield aim("CPU s per 1,000 items", statistics.median(run[2] for run in runs), at_most=3.5)
        yield aim("start-up CPU s, the process that takes most", max(usage.cpu_s for usage in started), at_most=3)
        yield fact(f"the same, with its first {WARM_UP} items", f"{max(usage.cpu_s for usage in warm):.2f}")
        yield from _peaks(site)
        yield count("samples of a batch", site.samples(runs[-1][3]), exactly=items)
        yield count("answers that it did not accept", site.batch(runs[-1][3])["attempts"] - items, exactly=0)
        yield from _statements(site, bench.servers, 300 if bench.is_small else 2000)


def _warm_up(site: Site) -> Path:
    """A first small batch; the bodies of its calls are what the bare loop posts."""
    site.sandbox.start_anew(LATENCY_MS, keeps_bodies=True)
    site.wait(site.order(WARM_UP), 60)
    path = FOLDER / "bodies.json"
    path.write_text(json.dumps([call["body"] for call in site.sandbox.calls()]), encoding="utf-8")
    site.sandbox.start_anew(LATENCY_MS)
    return path


def _ours(site: Site, items: int) -> tuple[float, float, int]:
    """Items per second from the order to the end, CPU seconds per 1,000, and the batch."""
    before = sum(machine.cpu_s(usages) for usages in site.usage().values())
    started = time.perf_counter()
    batch_id = site.order(items)
    batch = site.wait(batch_id, 600)
    seconds = time.perf_counter() - started
    cpu_s = sum(machine.cpu_s(usages) for usages in site.usage().values()) - before
    return batch["generated"] / seconds, cpu_s / items * 1000, batch_id


def _rates(items: int, bare: list[Bare], ours: list[float]) -> Iterator[Row]:
    base, mine = statistics.median(run.per_s for run in bare), statistics.median(ours)
    yield fact("items, calls in flight, rounds", f"{items}, {IN_FLIGHT}, {len(ours)}")
    yield fact("bare loop, items/s", f"{base:.0f} ({', '.join(f'{run.per_s:.0f}' for run in bare)})")
    yield fact("bare loop, CPU s per 1,000", f"{statistics.median(run.cpu_s_per_1000 for run in bare):.2f}")
    yield fact("legalds, items/s from the order to the end", f"{mine:.0f} ({', '.join(f'{run:.0f}' for run in ours)})")
    yield aim("rate, of the bare loop's (hoped for: 0.90)", mine / base, at_least=0.75)


def _peaks(site: Site) -> Iterator[Row]:
    for name, usages in site.usage().items():
        yield aim(
            f"peak MB, largest process of {name}", max(usage.peak_mb for usage in usages), at_most=300, form=".0f"
        )


def _statements(site: Site, servers: Servers, items: int) -> Iterator[Row]:
    """Counted in the log of PostgreSQL, which is told to write every statement for as long."""
    if not servers.are_ours:
        yield fact("SQL statements per 50 items", "not counted: this PostgreSQL's log is not ours")
        return
    log = FOLDER / "postgres" / "server.log"
    with servers.connect("postgres") as admin:
        admin.execute("ALTER SYSTEM SET log_statement = 'all'")
        admin.execute("ALTER SYSTEM SET log_line_prefix = '%a|%p|'")
        admin.execute("SELECT pg_reload_conf()")
        try:
            time.sleep(0.5)
            start = log.stat().st_size
            site.wait(site.order(items), 300)
            time.sleep(1)
            with log.open("rb") as file:
                file.seek(start)
                kinds = STATEMENT.findall(file.read())
        finally:
            admin.execute("ALTER SYSTEM RESET log_statement")
            admin.execute("ALTER SYSTEM RESET log_line_prefix")
            admin.execute("SELECT pg_reload_conf()")
    framing = sum(kind.upper() in FRAMES for kind in kinds)
    yield aim("SQL statements per 50 items", len(kinds) / items * 50, at_most=12, form=".1f")
    yield fact("of them BEGIN, COMMIT and the like", f"{framing / items * 50:.1f}")


if __name__ == "__main__":
    main({"speed": speed})
