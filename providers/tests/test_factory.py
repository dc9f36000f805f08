"""What the factory knows of providers: from the database, and from the catalog where none was ever reached."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import OperationalError, ProgrammingError
from psycopg.errors import UndefinedTable

from providers import actions, factory
from providers.configuration.snapshot import DatabaseNotMigrated, SnapshotKeeper
from providers.factory import NO_LIMIT, LLMProviderFactory, UnknownProvider
from providers.models import Provider
from providers.routing.config import Snapshot
from providers.tests.factories import make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keeper")]
KEY = "sk-planted-0123456789"


@pytest.fixture
def never_reached(monkeypatch) -> None:
    def refuse() -> Snapshot:
        raise OperationalError("away")

    monkeypatch.setattr(factory, "keeper", SnapshotKeeper(load=refuse))


def test_a_provider_comes_from_the_database():
    make_provider("groq", models=3, requests_per_minute=25, tokens_per_minute=5500)
    actions.update_provider("groq", {"champion_model": "m1"})
    provider = LLMProviderFactory.get_provider("groq")
    assert (provider.id, provider.name, provider.models) == ("groq", "Groq", ("m1", "m0", "m2"))
    assert provider.rate_limits == {"requests_per_minute": 25, "tokens_per_minute": 5500}


def test_all_providers_that_are_on_come_in_selection_order():
    for name in ("a", "b", "c"):
        make_provider(name, enabled=name != "b")
    actions.update_provider("c", {"order": 0})
    assert list(LLMProviderFactory.get_all_providers()) == ["c", "a"]


@pytest.mark.parametrize("provider_id", ["nobody", "off"])
def test_an_unknown_or_disabled_provider_is_an_error_that_lists_the_known_ones(provider_id):
    make_provider("on")
    make_provider("off", enabled=False)
    for ask in (LLMProviderFactory.get_provider, LLMProviderFactory.get_rate_limits):
        with pytest.raises(UnknownProvider, match=f"'{provider_id}'.*Known: on\\."):
            ask(provider_id)


def test_rate_limits_are_two_numbers_also_where_there_is_no_limit():
    make_provider("free")
    limits = LLMProviderFactory.get_rate_limits("free")
    assert limits == {"requests_per_minute": NO_LIMIT, "tokens_per_minute": NO_LIMIT}


@pytest.mark.parametrize(
    ("current", "failed", "following"),
    [
        ("m2", [], "m0"),
        ("m2", None, "m0"),
        ("m2", ["m0"], "m1"),
        ("m0", ["m2"], "m1"),
        (None, [], "m2"),
        ("gone", ["gone-too"], "m2"),
        ("m1", ["m2", "m0"], None),
    ],
)
def test_the_next_model_is_the_first_that_was_not_tried(current, failed, following):
    make_provider("groq", models=4)
    actions.update_provider("groq", {"champion_model": "m2"})
    actions.set_model_enabled(Provider.objects.get().models.get(model_id="m3").pk, False)
    assert LLMProviderFactory.get_next_model_from_db(current, failed, "groq") == following


def test_without_the_database_the_catalogue_serves_with_keys_from_the_environment(monkeypatch, caplog):
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    for _ in range(2):
        provider = LLMProviderFactory.get_provider("groq", use_db=False)
    assert len(provider.models) == 9
    assert LLMProviderFactory.get_rate_limits("groq", use_db=False)["tokens_per_minute"] == 5500
    assert LLMProviderFactory.get_next_model("llama-3.3-70b-versatile", [], "groq", False) == "llama-3.1-8b-instant"
    assert caplog.text.count("from the catalogue") == 1


def test_a_database_that_was_never_reached_is_replaced_by_the_catalogue_and_logged_once(never_reached, caplog):
    for _ in range(3):
        assert len(LLMProviderFactory.get_all_providers()) == 5
    assert caplog.text.count("never reached") == 1


def test_a_database_without_tables_is_no_reason_for_the_catalogue(monkeypatch, caplog):
    def refuse() -> Snapshot:
        raise ProgrammingError("no such table") from UndefinedTable()

    monkeypatch.setattr(factory, "keeper", SnapshotKeeper(load=refuse))
    for _ in range(2):
        with pytest.raises(DatabaseNotMigrated, match=r"manage\.py migrate"):
            LLMProviderFactory.get_provider("groq")
    assert "never reached" not in caplog.text


def test_a_database_that_was_lost_does_not_bring_a_disabled_provider_back(monkeypatch, keeper):
    actions.seed({})
    actions.set_provider_enabled("groq", False)
    assert "groq" not in LLMProviderFactory.get_all_providers()

    def refuse() -> int:
        raise OperationalError("away")

    monkeypatch.setattr(keeper, "_read_version", refuse)
    assert "groq" not in LLMProviderFactory.get_all_providers()
    assert keeper.is_stale


@pytest.fixture(params=["closed port", "mute server"])
def dead_port(request) -> Iterator[int]:
    """A port where nobody listens, or where somebody does and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        if request.param == "closed port":
            server.close()
        yield port


def test_connecting_to_no_database_gives_up_soon(dead_port):
    code = (
        "import django, time; django.setup()\n"
        "from providers.factory import LLMProviderFactory as F\n"
        "started = time.monotonic()\n"
        "print(len(F.get_all_providers()), time.monotonic() - started)\n"
    )
    environ = {**os.environ, "DATABASE_URL": f"postgres://a:b@127.0.0.1:{dead_port}/none"}
    environ |= {"REDIS_URL": settings.REDIS_URL, "DJANGO_SETTINGS_MODULE": "legalds.settings"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environ, capture_output=True, text=True, timeout=30, check=True
    )
    providers, seconds = done.stdout.split()
    assert providers == "5"
    assert float(seconds) < 15  # a mute server would be waited for without end
    assert done.stderr.count("from the catalogue") == 1


def test_threads_share_the_factory():
    seen: list[int] = []

    def ask() -> None:
        seen.append(len(LLMProviderFactory.get_all_providers(use_db=False)))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert seen == [5] * 8
