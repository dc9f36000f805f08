"""The home page: what it shows, to whom, and what it costs."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from generation.choices import BatchStatus
from generation.models import Batch
from generation.templatetags.words import roughly
from generation.tests.factories import make_attempts
from generation.worker.running import heartbeat
from legalds.home import views
from providers import actions
from providers.calling import shared_store
from providers.routing.admission import StoreUnavailable
from providers.tests.admin.admin_pages import make_provider, page, viewer
from providers.tests.calling.store.scripted_store import fail
from samples.models import Sample
from samples.tests.factories import make_sample

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]

HOME = reverse("admin:index")
LIVE = reverse("home-live")


def make_batch(**values):
    return Batch.objects.create(count=100, seed=1, **values)


def test_a_new_user_sees_three_steps_with_links_and_none_is_done(admin_client, groq):
    shown = admin_client.get(HOME).context["steps"]
    assert [(step.name, step.is_done) for step in shown] == [
        ("Add a key", False),
        ("Start a batch", False),
        ("Review the samples", False),
    ]
    assert shown[0].url == reverse("admin:providers_provider_change", args=["groq"])


def test_steps_are_ticked_off_and_vanish_when_all_are_done(admin_client, groq):
    actions.set_secrets("groq", api_key="sk-planted-0123456789")
    batch = make_batch()
    assert [step.is_done for step in admin_client.get(HOME).context["steps"]] == [True, True, False]
    make_sample(batch_id=batch.pk, review="approved")
    assert admin_client.get(HOME).context["steps"] == []


def test_with_nothing_at_all_it_says_what_to_do(admin_client):
    assert "Add the first one" in page(admin_client, HOME)


def test_a_card_tells_the_last_hour_and_the_cost_of_today(admin_client, groq):
    batch = make_batch()
    make_attempts(batch, 3, latency_ms=400, cost=Decimal("0.25"))
    make_attempts(batch, 1, outcome="server", latency_ms=9_000)
    make_attempts(batch, 5, started_at=timezone.now() - timedelta(hours=2), outcome="timeout")
    card = admin_client.get(HOME).context["cards"][0]
    assert (card.calls.calls, card.calls.success_percent, card.calls.p50_ms) == (4, 75.0, 400)
    assert card.cost == "at least $0.75, 6 calls have no known cost"


def test_limits_per_model_give_no_share_of_the_provider(admin_client):
    make_provider("google", "gemini", requests_per_minute=2, limits_scope="model")
    (card,) = admin_client.get(HOME).context["cards"]
    assert [use.limit for use in card.uses] == [None, None]


def test_failures_of_the_last_hour_are_told_by_kind(admin_client, groq):
    batch = make_batch()
    make_attempts(batch, 2, outcome="server")
    make_attempts(batch, 3, outcome="rate_limited")
    context = admin_client.get(HOME).context
    assert context["faults"] == (("Rate limited", 3), ("Server", 2))
    assert context["charts"]["chart-faults"]["series"][0]["values"] == [3, 2]


def test_a_running_batch_tells_its_pace_and_its_end(admin_client, groq):
    actions.set_secrets("groq", api_key="sk-planted-0123456789")
    batch = make_batch(status=BatchStatus.RUNNING, generated=20)
    make_attempts(batch, 19, started_at=timezone.now() - timedelta(minutes=2))
    make_attempts(batch, 1, started_at=timezone.now() - timedelta(seconds=5))
    entry = admin_client.get(HOME).context["running"][0]
    assert entry.pace.per_minute == pytest.approx(10, rel=0.05)
    assert roughly(entry.forecast.left) == "8 min"


def test_ended_batches_are_not_listed(admin_client, groq):
    make_batch(status=BatchStatus.COMPLETED)
    assert admin_client.get(HOME).context["running"] == []


def test_samples_are_counted_today_and_in_all_by_kind(admin_client):
    old = make_sample(jurisdiction="us", difficulty="basic")
    Sample.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=2))
    make_sample(jurisdiction="uk", difficulty="basic")
    made = admin_client.get(HOME).context["tally"]
    assert (made.today, made.made) == (1, 2)
    assert [(share.value, share.today, share.made) for share in made.kinds["difficulty"]] == [("basic", 1, 2)]
    assert {(share.value, share.today) for share in made.kinds["jurisdiction"]} == {("us", 0), ("uk", 1)}


def test_a_suspended_provider_says_until_when_and_why(admin_client, groq, monkeypatch):
    fail("groq", "key was revoked")
    told = page(admin_client, HOME)
    assert "suspended" in told
    assert "key was revoked" in told


def test_without_a_worker_it_says_how_to_start_one(admin_client):
    assert "No worker has shown itself" in page(admin_client, HOME)
    heartbeat.beat()
    assert "No worker has shown itself" not in page(admin_client, HOME)


def test_with_redis_away_the_rest_is_still_shown(admin_client, groq, monkeypatch):
    actions.set_secrets("groq", api_key="sk-planted-0123456789")

    def away(*args):
        raise StoreUnavailable("away")

    monkeypatch.setattr(shared_store, "look", away)
    told = page(admin_client, HOME)
    assert "Groq" in told
    assert "state not known" in told


def test_who_may_see_nothing_is_told_whom_to_ask():
    told = page(viewer(), HOME)
    assert "Ask an administrator" in told
    assert "Providers, in the order of trying" not in told


def test_each_part_is_shown_to_those_who_may_see_it(groq):
    told = page(viewer("view_sample"), LIVE)
    assert "Samples" in told
    assert "Groq" not in told
    assert "Batches at work" not in told


def test_the_live_part_wants_a_login(client):
    assert client.get(LIVE).status_code == 302


@pytest.mark.parametrize(("providers", "calls"), [(5, 100), (50, 2_000)])
def test_it_costs_the_same_however_much_there_is(
    admin_client, django_assert_max_num_queries, monkeypatch, providers, calls
):
    for number in range(providers):
        make_provider(f"p{number}", "one", "two")
    batch = make_batch(status=BatchStatus.RUNNING)
    make_attempts(batch, calls)
    make_sample(batch_id=batch.pk)
    admin_client.get(HOME)
    monkeypatch.setattr(views, "remembered", lambda name, seconds, compute: compute())
    with django_assert_max_num_queries(19):  # three of them for session, user and the sidebar
        admin_client.get(LIVE)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=40), "40 s"),
        (timedelta(minutes=12), "12 min"),
        (timedelta(hours=3, minutes=20), "3 h 20 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(days=2, hours=1), "2 days"),
    ],
)
def test_durations_read_as_a_person_would_say_them(span, words):
    assert roughly(span) == words
