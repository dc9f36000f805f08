"""What a load balancer is told."""

import socket
import time

import pytest
from django.db import connections
from django.test import Client

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def silent_port():
    """A server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_all_well_without_a_login(django_assert_num_queries):
    with django_assert_num_queries(0):
        response = Client().get("/api/health")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "redis": "ok"}


def test_a_redis_that_is_away_is_named(settings):
    settings.REDIS_URL = "redis://:hidden@127.0.0.1:1/0"

    response = Client().get("/api/health")

    assert response.status_code == 503
    assert response.json() == {"status": "down", "database": "ok", "redis": "down"}


def test_a_redis_that_hangs_is_down_within_the_limit(settings, silent_port):
    settings.REDIS_URL = f"redis://127.0.0.1:{silent_port}/0"
    started = time.monotonic()

    assert Client().get("/api/health").json()["redis"] == "down"
    assert time.monotonic() - started < 3


def test_a_database_that_hangs_is_down_within_the_limit(database_at, silent_port):
    started = time.monotonic()

    response = database_at(silent_port)

    assert response.json() == {"status": "down", "database": "down", "redis": "ok"}
    assert time.monotonic() - started < 3.5


def test_the_log_and_the_body_hold_no_exception_text(settings, caplog):
    settings.REDIS_URL = "redis://:hidden@127.0.0.1:1/0"

    body = Client().get("/api/health").content.decode()

    assert "health: redis is down (ConnectionError)" in caplog.text
    assert "hidden" not in caplog.text + body
    assert "127.0.0.1" not in caplog.text + body


@pytest.fixture
def database_at(monkeypatch):
    """Asks for health while the database's address is another one."""

    def ask(port):
        monkeypatch.setitem(connections["default"].settings_dict, "HOST", "127.0.0.1")
        monkeypatch.setitem(connections["default"].settings_dict, "PORT", port)
        response = Client().get("/api/health")
        monkeypatch.undo()
        return response

    return ask
