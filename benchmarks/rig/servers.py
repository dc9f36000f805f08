"""PostgreSQL and Redis for the benchmarks, and the database that every one of them gets a fresh copy of."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis

from legalds import embedded

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "var" / "bench"
DATABASE = "legalds_bench"
USER = "bench"


@dataclass(frozen=True, slots=True)
class Servers:
    """``environment`` is what any process of the product needs; ``are_ours``: may be stopped and told to log."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    are_ours: bool
    environment: Mapping[str, str] = field(repr=False)
    token: str = field(default="", repr=False)

    def connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.url_of(database), autocommit=True)

    def url_of(self, database: str) -> str:
        return urlsplit(self.database_url)._replace(path=f"/{database}").geturl()


@contextmanager
def running_servers() -> Iterator[Servers]:
    """Servers of their own in var/bench, or those of DATABASE_URL and REDIS_URL, with a migrated database."""
    given = [os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")]
    if any(given) and not all(given):
        raise SystemExit("Set both DATABASE_URL and REDIS_URL for the benchmarks, or neither.")
    secrets = embedded.prepare(FOLDER)
    prefix = f"legalds-bench-{os.getpid()}"
    environment = {
        **os.environ,
        "LEGALDS_ENV_FILE": os.devnull,  # a person's .env must not change what is measured
        "LEGALDS_DATA": str(FOLDER),
        "SECRET_KEY": secrets.secret_key,
        "FERNET_KEYS": secrets.fernet_key,
        "DEBUG": "0",  # as in production: with it every statement is kept in memory
        "HTTPS": "0",
        "ALLOWED_HOSTS": "127.0.0.1",
        "KEY_PREFIX": prefix,
        "LOG_LEVEL": "INFO",
    }
    if all(given):
        yield from _prepared(Servers(given[0], given[1], are_ours=False, environment=environment))
        return
    with embedded.running(FOLDER):
        record = embedded.read_servers(FOLDER)
        assert record
        yield from _prepared(Servers(record.database_url, record.redis_url, are_ours=True, environment=environment))


def _prepared(servers: Servers) -> Iterator[Servers]:
    """With the template migrated and the token of a user in it; the template and all keys are gone afterwards."""
    environment = {
        **servers.environment,
        "DATABASE_URL": servers.url_of(DATABASE),
        "REDIS_URL": servers.redis_url,
        "DJANGO_SUPERUSER_PASSWORD": os.urandom(16).hex(),
    }
    recreate(servers, DATABASE)
    try:
        manage(environment, "migrate", "--verbosity", "0")
        manage(environment, "createsuperuser", "--noinput", "--username", USER, "--email", "")
        token = manage(environment, "create_token", USER)
        yield Servers(servers.database_url, servers.redis_url, servers.are_ours, environment, token)
    finally:
        drop(servers, DATABASE)
        _delete_keys(servers.redis_url, environment["KEY_PREFIX"])


def manage(environment: Mapping[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=dict(environment), stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


def recreate(servers: Servers, database: str, *, template: str = "template1") -> None:
    drop(servers, database)
    _administer(servers, [f'CREATE DATABASE "{database}" TEMPLATE "{template}"'])


def drop(servers: Servers, database: str) -> None:
    _administer(servers, [f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)'])


def _administer(servers: Servers, statements: Sequence[str]) -> None:
    with servers.connect("postgres") as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _delete_keys(url: str, prefix: str) -> None:
    with redis.Redis.from_url(url) as client:
        for key in client.scan_iter(match=f"{prefix}[-:]*", count=1000):
            client.delete(key)
