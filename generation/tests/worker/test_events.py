"""The timeline of a batch: who writes it, what is left out, what it costs."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from generation import actions
from generation.choices import BatchStatus, EventKind
from generation.models import Attempt, Batch, Event, Item
from generation.selectors import timeline
from generation.tests.factories import make_batch
from generation.worker.items import batches
from generation.worker.lane.observer import LaneObserver, Recovered, Suspended
from generation.worker.results import news
from providers.choices import Way
from providers.configuration import actor
from providers.routing.admission import ScopeState
from providers.routing.config import ModelEntry, ProviderEntry
from providers.routing.route import Route

pytestmark = pytest.mark.django_db


def told(batch):
    return [line.words for line in timeline.lines(batch)]


def route(provider_id="groq", model_id="llama"):
    return Route(ProviderEntry(provider_id, provider_id, "openai", "http://x"), ModelEntry(model_id))


def suspended(scope="groq/llama", suspended_for_s=30.0, **values):
    return ScopeState(scope, suspended_for_s, reason="server: HTTP 503", **values)


def look(observer, state, asked_at=2e9):
    """As a lane does whose routes are groq's llama and qwen."""
    observer.look({state.scope: state}, (route(), route(model_id="qwen")), asked_at)


# --- statuses ----------------------------------------------------------------
def test_every_change_of_status_is_told_whoever_makes_it():
    batch = make_batch(count=2)
    batches.open_batch(batch.pk)
    batches.pause_batch(batch.pk, "Every route is suspended.", None)
    assert told(batch) == ["Paused: Every route is suspended.", "Started", "Ordered: 2 samples"]


def test_a_person_is_named():
    batch = make_batch(count=2)
    with actor.asked_by(lambda: actor.Actor(Way.ADMIN, None, "ann")):
        actions.stop_batch(batch.pk)
    assert told(batch)[0] == "Stopped by ann; 0 of 2 samples made"


def test_a_status_that_stays_is_not_told():
    batch = make_batch(count=1)
    batches.open_batch(batch.pk)
    before = Event.objects.count()
    batches.show_waiting(batch.pk, "waits")
    assert Event.objects.count() == before


# --- suspensions -------------------------------------------------------------
def test_a_lane_notes_a_suspension_once_with_its_failures_and_who_goes_on():
    observer = LaneObserver(clock=lambda: 1000.0)
    for _ in range(50):
        look(observer, suspended(failures=3))
    assert observer.notes == [Suspended("groq/llama", "server: HTTP 503", 30.0, 1030.0, 3, "groq/qwen")]


def test_a_longer_suspension_of_the_same_route_is_noted_again():
    observer = LaneObserver(clock=lambda: 1000.0)
    look(observer, suspended())
    look(observer, suspended(suspended_for_s=60.0))
    assert [note.seconds for note in observer.notes if isinstance(note, Suspended)] == [30.0, 60.0]


def test_a_suspension_that_waits_for_its_probe_is_no_new_one():
    observer = LaneObserver()
    look(observer, suspended(suspended_for_s=0.0, half_open=True, failures=3))
    assert observer.notes == []


def test_an_answer_after_a_suspension_is_noted_and_others_are_not():
    observer = LaneObserver()
    observer.answered(route(), "")
    look(observer, suspended("groq"))
    observer.answered(route(), "")
    observer.answered(route(), "")
    assert observer.notes[1:] == [Recovered("groq")]


def test_what_was_asked_before_an_answer_suspends_nothing_after_it():
    observer = LaneObserver(clock=lambda: 1000.0)
    observer.answered(route(), "")
    look(observer, suspended(), asked_at=999.5)
    assert observer.notes == []


def test_a_suspension_that_somebody_lifts_is_noted_as_that():
    observer = LaneObserver()
    look(observer, suspended())
    look(observer, ScopeState("groq/llama"))
    look(observer, ScopeState("groq/llama"))
    assert observer.notes[1:] == [Recovered("groq/llama", is_lifted=True)]
    batch = make_batch(count=1)
    news.record(batch.pk, observer.notes)
    assert told(batch)[0] == "The suspension of groq llama was lifted"


def test_what_two_lanes_saw_is_told_once():
    batch = make_batch(count=1)
    for until in (1030.0, 1031.0):
        news.record(batch.pk, [Suspended("groq/llama", "server", 30.0, until, 3, "groq/qwen")])
    for _ in range(2):
        news.record(batch.pk, [Recovered("groq/llama")])
    kinds = list(Event.objects.exclude(kind=EventKind.STATUS).order_by("pk").values_list("kind", flat=True))
    assert kinds == [EventKind.SUSPENDED, EventKind.RECOVERED]
    assert told(batch)[:2] == ["groq llama answers again", "groq llama suspended 30 s: 3 × server; now groq qwen"]  # noqa: RUF001


def test_notes_of_a_batch_that_was_deleted_are_dropped():
    news.record(999_999, [Recovered("groq")])
    assert not Event.objects.exists()


# --- moves -------------------------------------------------------------------
def test_moves_of_one_minute_are_one_line():
    batch = make_batch(count=4)
    at = timezone.now().replace(second=0) - timedelta(minutes=3)
    for item in Item.objects.filter(batch=batch):
        common = {"batch": batch, "item": item, "started_at": at}
        Attempt.objects.create(provider="a", model="x", outcome="server", **common)
        Attempt.objects.create(provider="b", model="y", outcome="ok", is_switch=True, **common)
    assert "4 items moved from a x to b y after server" in told(batch)


def test_the_timeline_costs_two_queries(django_assert_num_queries):
    batch = make_batch(count=3)
    with django_assert_num_queries(2):
        timeline.lines(batch)


def test_an_order_costs_one_query_to_name_its_person(admin_user: User):
    batch = Batch.objects.create(count=1, seed=1)
    with CaptureQueriesContext(connection) as queries:
        actions.stop_batch(batch.pk)
    assert sum("set_config" in query["sql"] for query in queries) == 1
    assert Batch.objects.get().status == BatchStatus.STOPPED
