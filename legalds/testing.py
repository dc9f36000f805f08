"""A pytest plugin: gives the tests engines of their own before Django's settings are read.

Where DATABASE_URL and REDIS_URL are set it uses them; else it starts the embedded servers in ``var/test`` and stops
what it started. Every key in Redis carries this run's own prefix, and only such keys are deleted at the end.

``--chaos`` runs the tests that kill servers, and only those: each process of the run has servers of its own, in
``var/chaos``, so that nobody else misses them.
"""

import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import redis

from legalds import embedded

_ROOT = Path(__file__).resolve().parent.parent
_started = pytest.StashKey[Sequence[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--chaos", action="store_true", help="run the chaos tests, on servers of their own, and no others")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    folder = _ROOT / "var" / "test"
    if early_config.known_args_namespace.chaos:
        folder = _ROOT / "var" / "chaos" / os.environ.get("PYTEST_XDIST_WORKER", "main")
        for name in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)
        os.environ.setdefault("CHAOS_SEED", str(secrets.randbelow(1_000_000)))  # the processes of the run share it
    local = embedded.prepare(folder)
    is_embedded = not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
    if is_embedded and (os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL")):
        raise pytest.UsageError("set both DATABASE_URL and REDIS_URL for the tests, or neither.")
    os.environ.update(
        LEGALDS_DATA=str(folder),
        LEGALDS_ENV_FILE=os.devnull,  # a person's .env must not change what the tests show
        DEBUG="1",
        HTTPS="0",
        KEY_PREFIX=f"legalds-test-{os.getpid()}",
        SECRET_KEY=local.secret_key,
        FERNET_KEYS=local.fernet_key,
    )
    early_config.stash[_started] = embedded.start(folder) if is_embedded else ()
    return (yield)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = config.getoption("chaos")
    others = [item for item in items if (item.get_closest_marker("chaos") is not None) != wanted]
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("chaos"):
        terminalreporter.write_line(f"CHAOS_SEED={os.environ['CHAOS_SEED']} draws the same random moments again")


def pytest_unconfigure(config: pytest.Config) -> None:
    if _started not in config.stash:
        return
    _delete_own_keys()
    embedded.stop(embedded.data_folder(), config.stash[_started])


def _delete_own_keys() -> None:
    servers = embedded.read_servers(embedded.data_folder())
    url = os.environ.get("REDIS_URL") or (servers.redis_url if servers else "")
    if not url:
        return
    with redis.Redis.from_url(url) as client:
        pattern = os.environ["KEY_PREFIX"] + "[-:]*"  # a hyphen between the two would make a range of them
        for key in client.scan_iter(match=pattern, count=1000):
            client.delete(key)
