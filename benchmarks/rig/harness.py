"""Running benchmarks: each is a function from a Bench to its findings, alone or one after the other."""

import argparse
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from benchmarks.rig import machine
from benchmarks.rig.report import Row, broken, table
from benchmarks.rig.sandbox import Sandbox, sandbox
from benchmarks.rig.servers import Servers, running_servers
from benchmarks.rig.site import Shape, Site, running_site

SIZES = ("full", "small")
SMALL = Shape(workers=2, lanes=4, calls=13, pool=2)


@dataclass(frozen=True, slots=True)
class Bench:
    """What a benchmark is given. ``is_small``: just enough to see that it works, as in CI."""

    servers: Servers
    sandbox: Sandbox
    is_small: bool
    _stack: ExitStack
    _kept: list[Site] = field(default_factory=list)

    @contextmanager
    def site(
        self, *, latency_ms: float = 200.0, workers: int = 1, lanes: int = 2, calls: int = 16, pool: int | None = None
    ) -> Iterator[Site]:
        """A fresh installation, and the sandbox as new, with this latency.

        At small size all benchmarks share one, because starting it takes longer than what they do in it.
        """
        self.sandbox.start_anew(latency_ms)
        if not self.is_small:
            with running_site(self.servers, self.sandbox, Shape(workers, lanes, calls, pool or lanes)) as site:
                yield site
            return
        if not self._kept:
            self._kept.append(self._stack.enter_context(running_site(self.servers, self.sandbox, SMALL)))
        yield self._kept[0]
        self._kept[0].clear()


Benchmark = Callable[[Bench], Iterator[Row]]


def main(benchmarks: Mapping[str, Benchmark]) -> None:
    """The command line of one benchmark or of all; exit code 1 where a count is not what it must be."""
    parser = argparse.ArgumentParser(description="Benchmarks of legalds on its own sandbox.")
    parser.add_argument("--size", choices=SIZES, default="full", help="small: just enough to see that it works")
    if len(benchmarks) > 1:
        parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(benchmarks)}; default: all")
    options = parser.parse_args()
    chosen = getattr(options, "names", None) or list(benchmarks)
    if strange := set(chosen) - set(benchmarks):
        parser.error(f"there is no benchmark {', '.join(sorted(strange))}; there are {', '.join(benchmarks)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    missed: list[Row] = []
    with _bench(options.size == "small") as bench:
        for name in chosen:
            missed += _run(name, benchmarks[name], bench)
    for row in missed:
        print(f"MISSED: {row.what}: {row.measured}, must be {row.target}")
    sys.exit(1 if missed else 0)


def _run(name: str, benchmark: Benchmark, bench: Bench) -> list[Row]:
    print(f"\n{name}, {'small' if bench.is_small else 'full'} size", flush=True)
    print(f"  on {machine.describe()}", flush=True)
    started = time.monotonic()
    rows = list(benchmark(bench))
    print(f"{table(rows)}\n  ({time.monotonic() - started:.0f} s)", flush=True)
    return broken(rows)


@contextmanager
def _bench(is_small: bool) -> Iterator[Bench]:
    with running_servers() as servers, sandbox(servers.environment) as told, ExitStack() as stack:
        yield Bench(servers, told, is_small, stack)
