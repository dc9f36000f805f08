"""A pytest plugin: gives the tests engines of their own before Django's settings are read.

Where DATABASE_URL and REDIS_URL are set it uses them; else it starts the embedded servers in ``var/test`` and stops
what it started. Every key in Redis carries this run's own prefix, and only such keys are deleted at the end.

``--servers`` runs the tests that meet the database or Redis, and no others: for a second run on other engines. Pages
and the API reach both through what those tests meet already, so theirs are left out.

``--chaos`` runs the tests that kill servers, and only those: each process of the run has servers of its own, in
``var/chaos``, so that nobody else misses them.

``--nightly`` runs the rest of the sweeps of which an ordinary run takes a part, and no others.
"""

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
import pytest
import redis
from django.conf import settings

from legalds import embedded
from legalds.tests import emptying

_ROOT = Path(__file__).resolve().parent.parent
_AS_ON_ANY_ENGINE = frozenset(("admin", "api", "home", "security"))  # folders of tests
_started = pytest.StashKey[Sequence[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--servers", action="store_true", help="run what meets the database or Redis, but no pages")
    parser.addoption("--chaos", action="store_true", help="run the chaos tests, on servers of their own, and no others")
    parser.addoption("--nightly", action="store_true", help="run what is too long for every day, and nothing else")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    folder = _ROOT / "var" / "test"
    if early_config.known_args_namespace.chaos:
        folder = _ROOT / "var" / "chaos" / os.environ.get("PYTEST_XDIST_WORKER", "main")
        for name in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)
        os.environ.setdefault("CHAOS_SEED", str(secrets.randbelow(1_000_000)))  # the processes of the run share it
    local = embedded.prepare(folder)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        shutil.rmtree(folder / "unsaved", ignore_errors=True)  # of databases that are gone
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
    if is_embedded and not early_config.known_args_namespace.chaos and "PYTEST_XDIST_WORKER" not in os.environ:
        _spare_the_disk(folder)
    return (yield)


def _spare_the_disk(folder: Path) -> None:
    """What tests commit need not outlive the machine, so PostgreSQL waits for no disk."""
    servers = embedded.read_servers(folder)
    if servers is None:
        return
    with psycopg.connect(servers.database_url, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


def pytest_configure() -> None:
    """Passwords of tests cost next to nothing: the usual hasher is slow on purpose."""
    emptying.install()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    others = [item for item in items if not _is_wanted(item)]
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if _is_wanted(item)]


def _is_wanted(item: pytest.Item) -> bool:
    asked = item.config.getoption
    if any(_has(item, kind) != asked(kind) for kind in ("chaos", "nightly")):
        return False
    return _meets_servers(item) or not asked("servers")


def _has(item: pytest.Item, marker: str) -> bool:
    return item.get_closest_marker(marker) is not None


def _meets_servers(item: pytest.Item) -> bool:
    if _has(item, "redis"):
        return True
    if _has(item, "browser") or _AS_ON_ANY_ENGINE.intersection(item.nodeid.split("/")):
        return False
    return _has(item, "django_db") or bool({"db", "transactional_db"}.intersection(getattr(item, "fixturenames", ())))


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
