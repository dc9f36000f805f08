"""Test connection and Fetch models against the sandbox, over real HTTP and the shared store."""

import pytest
from django.db import connection as database

from providers import actions
from providers.calling import shared_store
from providers.connection import testing as connections
from providers.connection.testing import check_connection, list_offered
from providers.connection.words import Lack
from providers.llm.errors import ErrorKind
from providers.models import Model, Provider
from providers.routing.admission import Obstacle
from providers.routing.limits.amounts import Unit
from providers.routing.limits.budget import Bucket
from providers.routing.limits.window import MINUTE
from providers.sandbox.behaviours import LISTED_ONLY
from providers.sandbox.thread import RunningSandbox
from providers.tests.calling.store.scripted_store import fail, hold
from providers.tests.factories import make_provider, pk_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]
KEY = "sk-planted-0123456789"
A_MINUTE = Bucket("served", Unit.REQUESTS, MINUTE, 3)


@pytest.fixture
def served(sandbox: RunningSandbox) -> RunningSandbox:
    make_provider("served", models=["good", "401", "503"], base_url=sandbox.url, requests_per_minute=3)
    actions.set_secrets("served", api_key=KEY)
    return sandbox


def is_suspended(scope: str) -> bool:
    return shared_store.states([scope])[scope].is_suspended


def test_a_model_that_answers_works(served):
    outcome = check_connection("served")
    assert outcome.works
    assert outcome.words.startswith("Works: good answered in ")
    [call] = served.calls
    assert call.key == KEY


@pytest.mark.parametrize("with_schema", [True, False])
def test_what_a_model_does_not_take_is_found_out_told_and_remembered(served, with_schema):
    picky = "refuses-max_tokens-temperature-json_schema-json_object"
    made = actions.create_model("served", {"model_id": picky, "supports_json_schema": with_schema})
    actions.update_provider("served", {"requests_per_minute": 20})
    outcome = check_connection("served", picky)
    assert outcome.works
    assert outcome.learnt == (
        "max_completion_tokens is sent in place of max_tokens",
        "response_format is not sent: the prompt alone asks for JSON",
        "temperature is not sent",
    )
    assert "temperature is not sent" in outcome.remedy
    made.refresh_from_db()
    assert set(made.adaptations) == {"max_tokens", "response_format", "temperature"}
    before = len(served.calls)
    assert check_connection("served", picky).learnt == ()
    assert len(served.calls) == before + 1


def test_what_cannot_be_adapted_is_a_refusal_and_nothing_is_remembered(served):
    model = actions.create_model("served", {"model_id": "bad-request"})
    assert check_connection("served", "bad-request").kind == ErrorKind.BAD_REQUEST
    model.refresh_from_db()
    assert model.adaptations == {}


def test_another_model_that_answers_is_told_and_noted(served):
    row = actions.create_model("served", {"model_id": "gpt-4--as-gpt-4o-mini"})
    outcome = check_connection("served", row.model_id)
    assert (outcome.works, outcome.answered_by) == (True, "gpt-4o-mini")
    assert "says that gpt-4o-mini answered" in outcome.remedy
    assert Model.objects.get(pk=row.pk).rerouted.answered_by == "gpt-4o-mini"


def test_the_model_that_is_asked_is_the_one_to_start_with_or_the_chosen_one(served):
    actions.update_provider("served", {"champion_model": "503"})
    assert check_connection("served").model_id == "503"
    assert check_connection("served", "good").works


def test_a_wrong_key_is_said_to_be_refused_without_showing_it(served):
    served.state.set_behaviour("401", key=KEY)
    outcome = check_connection("served")
    assert outcome.words.startswith("The key was refused (401)")
    assert KEY not in str(outcome)
    assert is_suspended("served")


def test_a_good_answer_ends_the_suspension_and_no_other_models(served):
    fail("served", "auth: revoked")
    fail("served/503", "gone", kind=ErrorKind.NOT_FOUND)
    assert check_connection("served", "good").works
    assert not is_suspended("served")
    assert is_suspended("served/503")


def test_a_vendor_that_asked_to_wait_may_be_asked_by_a_person(served):
    hold("served", 60, "429")
    assert check_connection("served").works


def test_what_is_switched_off_is_tested_too(served):
    actions.set_provider_enabled("served", False)
    for name in ("good", "401", "503"):
        actions.set_model_enabled(pk_of("served", name), False)
    assert check_connection("served").works


def test_every_test_counts_and_none_exceeds_the_limit(served):
    for _ in range(3):
        assert check_connection("served").works
    outcome = check_connection("served")
    assert outcome.kind == Obstacle.OVER_BUDGET
    assert outcome.words.startswith("No call was made. Try again in ")
    assert len(served.calls) == 3
    assert shared_store.look([], [A_MINUTE])[1] == {A_MINUTE: 3}


def test_a_model_that_the_vendor_does_not_know_is_named(served):
    actions.create_model("served", {"model_id": "gpt-nope"})
    assert check_connection("served", "gpt-nope").words.startswith("It knows no model 'gpt-nope' (404)")


@pytest.mark.parametrize(
    ("base_url", "told"),
    [
        ("http://api.exmaple.invalid/v1", "Host not found: api.exmaple.invalid."),
        ("http://127.0.0.1:9/v1", "Nothing listens at 127.0.0.1:9."),
    ],
)
def test_an_address_that_is_wrong_says_how(base_url, told):
    make_provider("lost", models=["m"], base_url=base_url, requires_key=False)
    assert check_connection("lost").words == told
    listing = list_offered("lost")
    assert listing.trouble is not None
    assert listing.trouble.words == told


def test_a_server_without_tls_says_so(sandbox):
    make_provider("plain", models=["m"], base_url=sandbox.url.replace("http:", "https:"), requires_key=False)
    assert "does not speak TLS" in check_connection("plain").words


def test_a_model_that_is_silent_ends_in_time_and_is_not_held_against_it(served, monkeypatch):
    monkeypatch.setattr(connections, "TEST_S", 0.2)
    actions.create_model("served", {"model_id": "hang"})
    outcome = check_connection("served", "hang")
    assert outcome.words == "No answer within 0.2 s."
    assert shared_store.states(["served/hang"])["served/hang"].failures == 0


def test_without_a_key_no_call_is_made(served):
    actions.set_secrets("served", api_key=None)
    assert check_connection("served").kind == Lack.NO_KEY
    assert list_offered("served").trouble is not None
    assert served.calls == []


def test_a_key_that_cannot_be_decrypted_is_told_apart(served):
    with database.cursor() as cursor:
        cursor.execute("UPDATE provider_configs SET api_key = 'gAAAAAnonsense'")
    assert check_connection("served").kind == Lack.UNREADABLE_KEY
    assert served.calls == []


def test_a_provider_without_models_is_told_to_fetch_them(sandbox):
    make_provider("empty", base_url=sandbox.url, requires_key=False)
    assert check_connection("empty").kind == Lack.NO_MODEL


def test_without_the_shared_store_no_call_is_made(served, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert check_connection("served").kind == Lack.STORE_AWAY
    listing = list_offered("served")
    assert listing.trouble is not None
    assert listing.trouble.kind == Lack.STORE_AWAY
    assert served.calls == []


def test_what_is_not_there_is_an_error():
    make_provider("there", models=["m"])
    with pytest.raises(Provider.DoesNotExist):
        check_connection("gone")
    with pytest.raises(Provider.DoesNotExist):
        list_offered("gone")
    with pytest.raises(Model.DoesNotExist):
        check_connection("there", "gone")


# --- what the vendor offers ---------------------------------------------------
def test_the_vendors_list_is_held_beside_ours(served):
    offer = list_offered("served").offer
    assert [model.model_id for model in offer.here] == ["good"]
    assert offer.gone == ("401", "503")
    assert {model.model_id for model in offer.new_other} == LISTED_ONLY


def test_a_look_at_the_list_takes_one_request_and_lifts_no_suspension(served):
    fail("served", "auth: revoked")
    assert list_offered("served").trouble is None
    assert shared_store.look([], [A_MINUTE])[1] == {A_MINUTE: 1}
    assert is_suspended("served")


def test_a_look_at_the_list_waits_for_the_limit_like_any_call(served):
    for _ in range(3):
        assert list_offered("served").trouble is None
    listing = list_offered("served")
    assert listing.trouble is not None
    assert listing.trouble.kind == Obstacle.OVER_BUDGET


def test_a_refused_key_is_said_in_the_same_words(served):
    served.state.set_behaviour("401", key=KEY)
    listing = list_offered("served")
    assert listing.trouble is not None
    assert listing.trouble.words.startswith("The key was refused (401)")
    assert KEY not in str(listing)


def test_a_slip_in_the_address_is_pointed_out_where_the_test_fails(sandbox):
    make_provider("slip", models=["good"], base_url=f"{sandbox.url}/chat/completions", requires_key=False)
    assert f"{sandbox.url} is probably right" in check_connection("slip").remedy
    listing = list_offered("slip")
    assert listing.trouble is not None
    assert f"{sandbox.url} is probably right" in listing.trouble.remedy


def test_another_vendors_key_is_pointed_out_where_it_is_refused(served, monkeypatch):
    monkeypatch.setattr(connections, "misplaced_key", lambda key, url: "Groq" if key == "gsk_0123456789abc" else None)
    actions.set_secrets("served", api_key="gsk_0123456789abc")
    served.state.set_behaviour("401", key="gsk_0123456789abc")
    assert check_connection("served").remedy.startswith("This looks like a key of Groq.")


def test_an_address_without_a_list_is_told_from_a_missing_model(sandbox):
    make_provider("wrong", base_url=sandbox.root, requires_key=False)
    listing = list_offered("wrong")
    assert listing.trouble is not None
    assert listing.trouble.words.startswith("There is no list of models at this address (404)")
