"""What the sandbox tells of its limits, over real HTTP, becomes a suggestion."""

import pytest

from providers import actions
from providers.connection.testing import check_connection
from providers.llm.errors import ErrorKind
from providers.models import Provider
from providers.sandbox.thread import RunningSandbox
from providers.status.suggestions import suggestions_of
from providers.tests.factories import make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]


@pytest.fixture
def served(sandbox: RunningSandbox) -> RunningSandbox:
    make_provider("served", models=["good", "daily-429"], base_url=sandbox.url, requests_per_minute=25)
    actions.set_secrets("served", api_key="sk-planted-0123456789")
    return sandbox


def suggested() -> list[tuple[str, str]]:
    return [(each.told.words, each.told_by) for each in suggestions_of(Provider.objects.get(pk="served"))]


def test_headers_that_name_their_window_are_suggested(served):
    served.state.set_limit(requests_per_minute=30, tokens_per_minute=8000, names_window=True)
    assert check_connection("served").works
    assert sorted(suggested()) == [("30 requests per minute", "headers"), ("8,000 tokens per minute", "headers")]
    actions.take_over("served")
    assert check_connection("served").works
    assert suggested() == []


def test_headers_that_name_no_window_are_not(served):
    served.state.set_limit(requests_per_minute=30)
    assert check_connection("served").works
    assert suggested() == []


def test_the_body_of_a_refusal_is_suggested_and_waited_for(served):
    outcome = check_connection("served", "daily-429")
    assert (outcome.kind, outcome.retry_after_s) == (ErrorKind.RATE_LIMITED, 602)
    assert suggested() == [("200,000 tokens per day", "body")]
