import asyncio
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection
from psycopg.errors import UndefinedTable

from providers import actions, factory
from providers.calling import shared_store
from providers.configuration.snapshot import DatabaseNotMigrated, SnapshotKeeper
from providers.factory import (
    NO_LIMIT,
    Busy,
    InsideEventLoop,
    LLMProviderFactory,
    MissingKey,
    Prompt,
    UnknownModel,
    UnknownProvider,
    UnusablePrompt,
)
from providers.llm.errors import ErrorKind, LLMError
from providers.llm.types import Message
from providers.models import Provider
from providers.routing.config import Snapshot
from providers.routing.limits.budget import Bucket, Unit
from providers.routing.seconds import MINUTE_S
from providers.tests.factories import make_provider
from providers.tests.sandbox.sandbox_server import RunningSandbox, sandbox

__all__ = ["sandbox"]
pytestmark = pytest.mark.django_db
KEY = "sk-planted-0123456789"


@pytest.fixture(autouse=True)
def keeper(monkeypatch) -> SnapshotKeeper:
    """A keeper that looks every time, and a log in which nothing has been said yet."""
    keeper = SnapshotKeeper(check_every_s=0)
    monkeypatch.setattr(factory, "keeper", keeper)
    monkeypatch.setattr(factory, "_told", set())
    return keeper


@pytest.fixture
def never_reached(monkeypatch) -> None:
    def refuse() -> Snapshot:
        raise OperationalError("away")

    monkeypatch.setattr(factory, "keeper", SnapshotKeeper(load=refuse))


@pytest.fixture
def served(sandbox: RunningSandbox) -> Iterator[str]:
    """A provider at the sandbox, with nothing held against it in the shared store."""
    make_provider("served", models=["good", "500", "401"], base_url=sandbox.url, tokens_per_minute=100_000)
    actions.set_secrets("served", api_key=KEY)
    shared_store.clear("served")
    yield "served"
    shared_store.clear("served")


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


def test_connecting_to_no_database_gives_up_after_two_seconds(dead_port):
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
    assert float(seconds) < 3
    assert done.stderr.count("from the catalogue") == 1


def test_a_provider_completes(served, sandbox):
    answer = LLMProviderFactory.get_provider(served).complete("Say something.")
    assert answer.text
    assert answer.usage.total_tokens > 0
    assert len(sandbox.calls) == 1


def test_a_provider_completes_inside_an_event_loop(served):
    provider = LLMProviderFactory.get_provider(served)
    assert async_to_sync(provider.acomplete)("Say something.", model="good").text


def test_messages_may_be_objects_of_role_and_content(served, sandbox):
    prompt: Prompt = [Message("system", "Be brief."), {"role": "user", "content": "Say something."}]
    assert LLMProviderFactory.get_provider(served).complete(prompt).text
    assert len(sandbox.calls) == 1


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        (5, "Give the prompt as a text, or as a list"),
        ([], "Give the prompt as a text, or as a list"),
        ({"role": "user", "content": "x"}, "Give the prompt as a text, or as a list"),
        (["x"], "Message 1 must be"),
        ([{"role": "user"}], "Message 1 must be"),
        ([Message("user", "x"), {"role": "robot", "content": "x"}], "Message 2 .* Use one of: system, user, assistant"),
        ([{"role": ["user"], "content": "x"}], "Message 1 has an unknown role"),
        ([{"role": "user", "content": ["x"]}], "Message 1 .* Give a string"),
    ],
)
def test_a_prompt_that_is_none_is_refused_before_any_call(served, sandbox, prompt, words):
    with pytest.raises(UnusablePrompt, match=words):
        LLMProviderFactory.get_provider(served).complete(prompt)
    assert not sandbox.calls


def test_complete_inside_an_event_loop_names_acomplete(served):
    provider = LLMProviderFactory.get_provider(served)

    async def ask() -> None:
        provider.complete("Say something.")

    with pytest.raises(InsideEventLoop, match=r"await provider\.acomplete"):
        asyncio.run(ask())


def test_a_call_is_booked_in_the_shared_budget(served):
    bucket = Bucket(served, Unit.TOKENS, MINUTE_S, 100_000)
    before = shared_store.look([], [bucket])[1][bucket]
    answer = LLMProviderFactory.get_provider(served).complete("Say something.")
    assert shared_store.look([], [bucket])[1][bucket] == before + answer.usage.total_tokens


def test_a_failed_call_is_an_error_with_its_kind_and_the_breaker_knows(served):
    with pytest.raises(LLMError) as error:
        LLMProviderFactory.get_provider(served).complete("Say something.", model="401")
    assert error.value.fault.kind is ErrorKind.AUTH
    assert shared_store.states([served])[served].is_suspended


def test_a_suspended_provider_is_busy_for_longer_than_one_waits(served):
    provider = LLMProviderFactory.get_provider(served)
    with pytest.raises(LLMError):
        provider.complete("Say something.", model="401")
    with pytest.raises(Busy, match="suspended") as error:
        provider.complete("Say something.", max_wait_s=0.1)
    assert error.value.wait_s > 60


def test_a_new_key_brings_a_suspended_provider_back_at_once(served, django_capture_on_commit_callbacks):
    provider = LLMProviderFactory.get_provider(served)
    with pytest.raises(LLMError):
        provider.complete("Say something.", model="401")
    with django_capture_on_commit_callbacks(execute=True):
        actions.set_secrets(served, api_key="sk-another-0123456789")
    assert provider.complete("Say something.", max_wait_s=0.1).text


def test_a_provider_switched_off_since_makes_no_call(served, sandbox):
    provider = LLMProviderFactory.get_provider(served)
    actions.set_provider_enabled(served, False)
    with pytest.raises(UnknownProvider):
        provider.complete("Say something.")
    assert not sandbox.calls


def test_an_unknown_model_and_a_missing_key_are_said_so(served):
    with pytest.raises(UnknownModel, match=r"none-such.*Known: good, 500, 401"):
        LLMProviderFactory.get_provider(served).complete("Say something.", model="none-such")
    actions.set_secrets(served, api_key=None)
    with pytest.raises(MissingKey, match=r"has no API key\. Enter one in the admin"):
        LLMProviderFactory.get_provider(served).complete("Say something.")


def test_a_key_that_cannot_be_read_is_not_called_missing(served):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE provider_configs SET api_key = 'gAAAAAnonsense'")
    with pytest.raises(MissingKey, match=f"The key of {served} cannot be decrypted"):
        LLMProviderFactory.get_provider(served).complete("Say something.")


def test_an_object_shows_no_key(served):
    assert KEY not in repr(LLMProviderFactory.get_provider(served))


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
