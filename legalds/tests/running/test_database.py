"""What a person reads at the command line where the database is away or not prepared."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from psycopg.errors import DeadlockDetected

from legalds.running import database

PASSWORD = "planted-db-password"
COMMANDS = [
    ["generate", "--count", "1"],
    ["seed_providers"],
    ["create_token", "ann"],
    ["export_samples", "--batch", "1", "--output", "-"],
]


def manage(command: list[str], **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env={**os.environ, "REDIS_URL": settings.REDIS_URL, **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_database_that_is_away_is_one_line_with_its_place_and_no_password(command):
    done = manage(command, DATABASE_URL=f"postgres://ann:{PASSWORD}@127.0.0.1:1/legal")
    assert done.returncode == 1
    assert done.stderr.startswith("The database 'legal' (host 127.0.0.1, port 1) does not answer (")
    assert done.stderr.count("\n") == 1
    assert "DATABASE_URL" in done.stderr
    assert PASSWORD not in done.stdout + done.stderr


@pytest.fixture
def unmigrated(django_db_blocker) -> Iterator[str]:
    """The address of a database without a table, on the tests' own server."""
    name = f"bare_{os.getpid()}"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
        config = connection.settings_dict
        user = f"{config['USER']}:{config['PASSWORD']}@" if config["USER"] else ""
        yield f"postgres://{user}{config['HOST'].replace('/', '%2F')}:{config['PORT'] or 5432}/{name}"
        cursor.execute(f'DROP DATABASE "{name}"')


@pytest.mark.django_db
def test_a_database_without_tables_is_one_line_with_the_remedy(unmigrated):
    for command in COMMANDS:
        done = manage(command, DATABASE_URL=unmigrated)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert done.stderr.endswith("Run: python manage.py migrate\n")


def test_another_error_of_the_database_stays_a_bug():
    error = OperationalError("deadlock detected")
    error.__cause__ = DeadlockDetected()
    assert database.explain(error, {}) is None
