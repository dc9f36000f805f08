"""The factory: what ``LLMProviderFactory.get_provider`` costs a call, beside a plain dict look-up.

``python -m benchmarks.factory [--size small]``; on embedded servers of its own, or on DATABASE_URL and REDIS_URL. It
works in a test database, which is gone afterwards.
"""

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from legalds import embedded

FOLDER = Path(__file__).resolve().parent.parent / "var" / "bench-factory"
PROVIDER = "groq"
TARGET_MICROSECONDS = 50.0
ROUNDS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("full", "small"), default="full", help="small: just to see that it works")
    calls = 1_000 if parser.parse_args().size == "small" else 2_000_000
    with _configured():
        _measure(calls)


@contextmanager
def _configured() -> Iterator[None]:
    """Django on a database that holds the catalogue and nothing else."""
    secrets = embedded.prepare(FOLDER)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="legalds.settings",
        LEGALDS_DATA=str(FOLDER),
        LEGALDS_ENV_FILE=os.devnull,  # a person's .env must not change what is measured
        SECRET_KEY=secrets.secret_key,
        FERNET_KEYS=secrets.fernet_key,
        DEBUG="0",
        HTTPS="0",
        ALLOWED_HOSTS="127.0.0.1",
        KEY_PREFIX=f"legalds-bench-{os.getpid()}",
    )
    is_embedded = not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
    started = embedded.start(FOLDER) if is_embedded else ()
    try:
        with _test_database():
            yield
    finally:
        embedded.stop(FOLDER, started)


@contextmanager
def _test_database() -> Iterator[None]:
    import django  # noqa: PLC0415 - reads the environment that was just set

    django.setup()
    from django.db import connection  # noqa: PLC0415 - and so does this

    from providers.actions import seed  # noqa: PLC0415

    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0)
    try:
        seed({})
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _measure(calls: int) -> None:
    from django.db import connection  # noqa: PLC0415

    from providers.configuration.snapshot import CHECK_EVERY_S  # noqa: PLC0415
    from providers.factory import LLMProviderFactory  # noqa: PLC0415

    queries: list[str] = []

    def count(execute: Callable[..., object], sql: str, *rest: object) -> object:
        queries.append(sql)
        return execute(sql, *rest)

    plain = dict(LLMProviderFactory.get_all_providers())
    asked = partial(LLMProviderFactory.get_provider, PROVIDER)
    started = time.perf_counter()
    with connection.execute_wrapper(count):
        rounds = [
            (_microseconds(partial(plain.get, PROVIDER), calls), _microseconds(asked, calls)) for _ in range(ROUNDS)
        ]
    took_s = time.perf_counter() - started
    bare, ours = (statistics.median(column) for column in zip(*rounds, strict=True))
    allowed = int(took_s / CHECK_EVERY_S) + 1
    verdict = "held" if ours < TARGET_MICROSECONDS else "MISSED"
    print(f"factory, {ROUNDS} rounds of {calls:,} calls, on {platform.machine()}, Python {platform.python_version()}")
    print(f"  plain dict look-up         {bare:8.3f} microseconds a call")
    print(f"  get_provider               {ours:8.3f} microseconds a call, below {TARGET_MICROSECONDS:.0f}: {verdict}")
    print(f"  ratio                      {ours / bare:8.1f}")
    print(f"  queries                    {len(queries):8} in {took_s:.1f} s, at most {allowed}")
    if len(queries) > allowed:
        raise SystemExit(f"MISSED: {len(queries)} queries, must be at most {allowed}")


def _microseconds(call: Callable[[], object], calls: int) -> float:
    """The mean of all calls in a row, those that look at the database among them."""
    started = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - started) / calls * 1e6


if __name__ == "__main__":
    main()
