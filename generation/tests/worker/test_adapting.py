"""Models that refuse a part of the request, in batches: what that costs, and that it is remembered."""

from collections import Counter

import pytest

from generation.choices import BatchStatus, EventKind
from generation.engine.prompts import SCHEMA, build_request
from generation.models import Attempt, Batch, Event
from generation.selectors import timeline
from generation.tests.engine.specs import SPEC
from generation.worker.lane.observer import Answering, LaneObserver
from generation.worker.results import news
from providers import actions
from providers.connection.testing import QUESTION
from providers.llm.phrase import request_body
from providers.llm.types import ModelFacts
from providers.models import ConfigurationChange, Model, ToldLimit
from providers.routing.config import ModelEntry, ProviderEntry
from providers.routing.limits.ramp import COLD_CALLS
from providers.routing.route import Route
from providers.tests.factories import pk_of
from samples.models import Sample
from samples.taxonomy import taxonomy

PICKY = "refuses-max_tokens-temperature-json_schema"
REFUSES_ALL = "refuses-max_tokens-max_completion_tokens-temperature-json_schema-json_object"


def adaptations(model_id):
    return Model.objects.get(model_id=model_id).adaptations


@pytest.fixture
def picky(vendors):
    sandbox = vendors(a=[PICKY])
    actions.update_model(pk_of("a", PICKY), {"supports_json_schema": True})
    return sandbox


# --- refused parameters -------------------------------------------------------
def test_ten_items_waste_a_few_calls_for_each_refused_part_and_the_next_batch_none(picky, run_batch):
    batch = run_batch(count=10)
    assert (batch.status, batch.generated) == (BatchStatus.COMPLETED, 10)
    assert 13 <= batch.attempts <= 10 + 3 * COLD_CALLS
    assert batch.switches == 0
    assert set(batch.items.values_list("faults", flat=True)) == {0}
    assert adaptations(PICKY) == {
        "max_tokens": "max_completion_tokens",
        "temperature": "omitted",
        "response_format": "json_object",
    }
    assert run_batch(count=10).attempts == 10


def test_it_is_one_change_of_the_configuration_however_many_calls_met_it(picky, run_batch, settings):
    settings.GENERATION_CALLS_PER_LANE = 50
    run_batch(count=60)
    assert ConfigurationChange.objects.filter(deed="learnt").count() == 1


def test_items_of_a_small_budget_are_not_lost_by_it(vendors, run_batch):
    sandbox = vendors(a=[REFUSES_ALL])
    actions.update_model(pk_of("a", REFUSES_ALL), {"supports_json_schema": True})
    batch = run_batch(count=3, item_budget=1)
    assert (batch.status, batch.generated) == (BatchStatus.COMPLETED, 3)
    last = sandbox.calls[-1].body
    assert set(last) == {"model", "messages", "stream"}


def test_each_wasted_call_stands_in_the_ledger_with_the_vendors_words(picky, run_batch):
    batch = run_batch(count=1)
    calls = Attempt.objects.filter(batch=batch).order_by("pk")
    assert list(calls.values_list("outcome", flat=True)) == ["bad_request"] * 3 + ["ok"]
    assert "Use 'max_completion_tokens' instead" in calls[0].detail


def test_what_was_forgotten_is_found_out_again_in_the_same_worker(picky, run_batch):
    run_batch(count=2)
    actions.forget(pk_of("a", PICKY))
    batch = run_batch(count=1)
    assert (batch.status, batch.attempts) == (BatchStatus.COMPLETED, 4)
    assert len(adaptations(PICKY)) == 3


def test_what_a_person_wants_is_sent_though_it_was_refused(vendors, run_batch):
    sandbox = vendors(a=["refuses-temperature"], b=["good"])
    actions.update_model(pk_of("a", "refuses-temperature"), {"extra_config": {"extra_body": {"temperature": 0.1}}})
    batch = run_batch(count=2)
    assert (batch.status, adaptations("refuses-temperature")) == (BatchStatus.COMPLETED, {})
    assert {call.body["temperature"] for call in sandbox.calls if call.status == 400} == {0.1}


def test_a_refusal_that_nothing_answers_moves_the_item_on(vendors, run_batch):
    vendors(a=["bad-request"], b=["good"])
    batch = run_batch(count=2)
    assert Counter(Attempt.objects.filter(batch=batch).values_list("provider", "outcome"))[("b", "ok")] == 2
    assert adaptations("bad-request") == {}


def test_a_test_of_the_connection_asks_in_the_form_in_which_batches_ask():
    facts = ModelFacts("m", supports_json_schema=True)
    asked, of_batches = request_body(facts, QUESTION), request_body(facts, build_request(SPEC, taxonomy()))
    assert {**asked, "messages": 0, "response_format": 0} == {**of_batches, "messages": 0, "response_format": 0}
    ours, theirs = (body["response_format"]["json_schema"] for body in (asked, of_batches))
    assert (set(ours), ours["strict"]) == (set(theirs), theirs["strict"])
    assert set(ours["schema"]) == set(SCHEMA.schema)


# --- who answers ----------------------------------------------------------------
REROUTED = "gpt-4--as-gpt-4o-mini"


def test_who_answered_stands_on_attempt_and_sample(vendors, run_batch):
    vendors(a=[REROUTED])
    batch = run_batch(count=2)
    assert set(Attempt.objects.values_list("model", "model_answered")) == {(REROUTED, "gpt-4o-mini")}
    assert set(Sample.objects.of_batch(batch.pk).values_list("model_answered", flat=True)) == {"gpt-4o-mini"}


def test_another_model_is_told_once_in_each_timeline_and_at_the_model(vendors, run_batch):
    vendors(a=[REROUTED])
    batches = [run_batch(count=4) for _ in range(2)]
    told = f"a {REROUTED}: the vendor says that gpt-4o-mini answers in its place"
    for batch in batches:
        assert [line.words for line in timeline.lines(batch)].count(told) == 1
    assert Model.objects.get().rerouted.answered_by == "gpt-4o-mini"


def test_a_snapshot_of_the_same_model_is_no_news(vendors, run_batch):
    vendors(a=["gpt-4o--as-gpt-4o-2024-08-06"])
    batch = run_batch(count=2)
    assert not Event.objects.filter(batch=batch, kind=EventKind.REROUTED).exists()
    assert Model.objects.get().rerouted is None


def test_a_model_that_is_itself_again_is_no_longer_marked(vendors, run_batch):
    vendors(a=["good"])
    actions.note_answer("a", "good", "gemma-3")
    run_batch(count=1)
    assert Model.objects.get().rerouted is None


@pytest.mark.django_db
def test_what_many_lanes_saw_is_told_once():
    batch = Batch.objects.create(count=1, seed=1)
    for _ in range(3):
        news.record(batch.pk, [Answering("a/gpt-4", "gpt-4o-mini")])
    assert Event.objects.filter(kind=EventKind.REROUTED).count() == 1


def test_a_lane_notes_each_other_model_once_and_itself_only_where_nobody_else_answered():
    observer = LaneObserver()
    route = Route(ProviderEntry("a", "A", "openai", "http://x"), ModelEntry("gpt-4"))
    for answered in ("gpt-4o-mini", "gpt-4-0613", "gpt-4o-mini", "", "gpt-4o", "gpt-4o"):
        observer.answered(route, answered)
    assert observer.notes == [Answering("a/gpt-4", "gpt-4o-mini"), Answering("a/gpt-4", "gpt-4o")]


# --- limits that vendors tell -------------------------------------------------
def test_what_vendors_tell_of_their_limits_is_written_down_in_passing_and_sets_nothing(vendors, run_batch):
    sandbox = vendors(a=["good"], b=["good"])
    sandbox.state.set_limit(requests_per_minute=500, names_window=True)
    batch = run_batch(count=10, provider="a")
    assert batch.generated == 10
    told = ToldLimit.objects.get()
    assert (told.model.provider_id, str(told), told.told_by) == ("a", "500 requests per minute", "headers")
    assert told.model.provider.requests_per_minute is None
