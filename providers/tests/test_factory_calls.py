"""What the factory hands out makes calls: over real HTTP, within the shared budget, as the breaker allows."""

import asyncio
from collections.abc import Iterator

import pytest
from asgiref.sync import async_to_sync
from django.db import connection

from providers import actions
from providers.calling import shared_store
from providers.factory import (
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
from providers.routing.limits.amounts import Unit
from providers.routing.limits.budget import Bucket
from providers.routing.limits.window import MINUTE
from providers.sandbox.thread import RunningSandbox
from providers.tests.factories import make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keeper")]

KEY = "sk-planted-0123456789"


@pytest.fixture
def served(sandbox: RunningSandbox) -> Iterator[str]:
    """A provider at the sandbox, with nothing held against it in the shared store."""
    make_provider("served", models=["good", "500", "401"], base_url=sandbox.url, tokens_per_minute=100_000)
    actions.set_secrets("served", api_key=KEY)
    shared_store.clear("served")
    yield "served"
    shared_store.clear("served")


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
    bucket = Bucket(served, Unit.TOKENS, MINUTE, 100_000)
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
