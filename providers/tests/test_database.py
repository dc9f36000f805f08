"""Which errors of PostgreSQL mean: ask again later, on another connection."""

from types import SimpleNamespace

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, InterfaceError, InternalError, OperationalError, connection
from psycopg.errors import InternalError_, lookup

from providers.database import DatabaseAway, asking, is_away, is_passing
from providers.models import ConfigurationVersion

AWAY = {
    "read_only_sql_transaction": "25006",
    "connection_failure": "08006",
    "protocol_violation, as poolers say that the server has gone": "08P01",
    "disk_full": "53100",
    "too_many_connections": "53300",
    "admin_shutdown": "57P01",
    "crash_shutdown": "57P02",
    "cannot_connect_now": "57P03",
    "idle_session_timeout": "57P05",
    "io_error": "58030",
}
IN_THE_WAY = {
    "deadlock": "40P01",
    "serialization_failure": "40001",
    "object_in_use": "55006",
    "lock": "55P03",
    "query_canceled": "57014",
}
BUGS = {
    "a row too large for an index": "54000",
    "not_null_violation": "23502",
    "string_data_right_truncation": "22001",
    "undefined_table": "42P01",
    "object_not_in_prerequisite_state": "55000",
    "internal_error": "XX000",
    "in_failed_sql_transaction": "25P02",
}


def error_of(state: str) -> DatabaseError:
    error = DatabaseError("refused")
    error.__cause__ = lookup(state)()
    return error


@pytest.mark.parametrize("state", AWAY.values(), ids=AWAY)
def test_a_server_that_takes_nothing_now_is_away(state):
    assert is_away(error_of(state))
    assert is_passing(error_of(state))


@pytest.mark.parametrize("state", IN_THE_WAY.values(), ids=IN_THE_WAY)
def test_what_was_in_the_way_is_asked_again_of_a_server_that_is_there(state):
    assert not is_away(error_of(state))
    assert is_passing(error_of(state))


@pytest.mark.parametrize("state", BUGS.values(), ids=BUGS)
def test_what_would_be_refused_again_is_a_bug(state):
    assert not is_passing(error_of(state))


@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
def test_a_server_that_was_never_reached_is_away(kind):
    error = kind("connection refused")
    error.__cause__ = psycopg.OperationalError()
    assert is_away(error)


def test_whatever_ends_the_session_is_away_under_every_code():
    ended = type("Ended", (InternalError_,), {"diag": SimpleNamespace(severity_nonlocalized="FATAL")})
    error = InternalError("the pooler lost its server")
    error.__cause__ = ended()
    assert is_away(error)


@pytest.mark.django_db(transaction=True)
def test_a_connection_to_a_server_that_became_read_only_is_not_used_again():
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    with pytest.raises(DatabaseAway, match="read-only"), asking():
        ConfigurationVersion.objects.update(version=1)
    ConfigurationVersion.objects.update(version=1)


@pytest.mark.django_db
def test_an_error_that_stays_passes_as_it_came():
    with pytest.raises(IntegrityError), asking(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO api_tokens DEFAULT VALUES")
