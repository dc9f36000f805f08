"""The admin of batches: starting, watching, stopping, resuming, retrying."""

import json
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from generation.choices import BatchStatus, ItemStatus
from generation.models import Attempt, Batch, Item
from generation.tests.factories import make_batch
from generation.worker.lane.observer import LaneObserver
from generation.worker.results import news
from legalds.tests.pages import markup
from providers.calling import shared_store
from providers.configuration.snapshot import keeper
from providers.llm.errors import ErrorKind
from providers.routing.route import chain
from providers.tests.calling.store.scripted_store import fail, open_store
from providers.tests.factories import make_model, make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]

ADD = reverse("admin:generation_batch_add")
LIST = reverse("admin:generation_batch_changelist")


@pytest.fixture
def local():
    make_provider("local", requires_key=False)
    return make_model("local", "good")


def url(name, batch):
    return reverse(f"admin:generation_batch_{name}", args=[batch.pk])


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return markup(response)


def make_attempt(batch, number, outcome, **fields):
    facts = {"provider": "groq", "model": "llama", "prompt_tokens": 10, "completion_tokens": 5, "latency_ms": 100}
    item = Item.objects.get(batch=batch, number=number)
    facts |= {"item": item, "batch": batch, "outcome": outcome, "started_at": timezone.now()}
    return Attempt.objects.create(**(facts | fields))


def viewer(*codenames):
    user = User.objects.create_user("viewer", password="pw", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


def test_a_batch_is_started_with_what_was_asked_for(admin_client, admin_user, local):
    asked = {"count": 3, "provider": "local", "model": "good", "jurisdictions": ["uk"], "instruction": "Be brief."}
    response = admin_client.post(ADD, asked)
    batch = Batch.objects.get()
    assert response.url == url("change", batch)
    assert (batch.count, batch.provider, batch.jurisdictions) == (3, "local", ["uk"])
    assert (batch.instruction, batch.created_by) == ("Be brief.", admin_user)
    assert batch.items.count() == 3


def test_what_the_action_refuses_is_shown_at_its_field(admin_client, local):
    response = admin_client.post(ADD, {"count": 200_000})
    assert "count" in response.context["form"].errors
    assert "must be confirmed" in response.content.decode()
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("count", 0), ("count", "x"), ("provider", "nobody"), ("topics", ["No such"]), ("jurisdictions", ["mars"])],
)
def test_an_order_that_makes_no_sense_is_refused_at_its_field(admin_client, local, field, value):
    response = admin_client.post(ADD, {"count": 3, field: value})
    assert field in response.context["form"].errors
    assert not Batch.objects.exists()


def test_without_a_usable_provider_the_form_says_so(admin_client):
    response = admin_client.post(ADD, {"count": 3})
    assert "No provider is on and has its key" in response.content.decode()


def test_who_may_only_look_starts_nothing(local):
    client = viewer("view_batch")
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, {"count": 3}).status_code == 403


def test_the_page_shows_what_was_asked_for_and_how_far_it_is(admin_client):
    batch = make_batch(count=4, done=1, failed=1, status=BatchStatus.RUNNING, topics=["Breach of Contract"])
    html = page(admin_client, url("change", batch))
    assert "1 of 4, 1 failed" in html
    assert "Breach of Contract" in html


def test_the_page_counts_attempts_by_route_and_outcome(admin_client):
    batch = make_batch(count=3, status=BatchStatus.RUNNING)
    make_attempt(batch, 1, "server", status_code=503, detail="the server fell over")
    make_attempt(batch, 1, "ok", model="qwen", is_switch=True)
    make_attempt(batch, 2, "ok", model="qwen")
    html = page(admin_client, url("change", batch))
    first, second = admin_client.get(url("live", batch), {"status": "running"}).context["routes"]
    assert (first.model, first.attempts, first.accepted, first.switched_here) == ("qwen", 2, 2, 1)
    assert (second.model, second.faults) == ("llama", (("Server", 1),))
    assert "the server fell over" in html


def test_failed_items_are_shown_with_their_reason(admin_client):
    batch = make_batch(count=3, done=2, failed=1, status=BatchStatus.COMPLETED_WITH_FAILURES)
    Item.objects.filter(status=ItemStatus.FAILED).update(failure="Six answers without a <citation>.")
    assert "Six answers without a &lt;citation&gt;." in page(admin_client, url("change", batch))


def test_the_page_refreshes_itself_only_while_the_batch_is_active(admin_client):
    assert "every 2s" in page(admin_client, url("change", make_batch(status=BatchStatus.RUNNING)))
    assert "every 2s" not in page(admin_client, url("change", make_batch(status=BatchStatus.STOPPED)))


def test_the_fragment_brings_the_buttons_of_the_status_that_it_has_moved_to(admin_client):
    batch = make_batch(status=BatchStatus.PAUSED, status_reason="At its cap.")
    fragment = page(admin_client, url("live", batch))
    assert 'id="action-resume"' in fragment
    assert 'data-announce="Batch' in fragment
    assert "At its cap." in fragment


@pytest.mark.parametrize(
    ("status", "buttons"),
    [
        (BatchStatus.PENDING, {"stop"}),
        (BatchStatus.RUNNING, {"stop", "retry"}),
        (BatchStatus.PAUSED, {"stop", "resume", "retry"}),
        (BatchStatus.STOPPED, {"resume"}),
        (BatchStatus.COMPLETED_WITH_FAILURES, {"retry"}),
        (BatchStatus.FAILED, {"retry"}),
        (BatchStatus.COMPLETED, set()),
    ],
)
def test_only_what_can_be_done_has_a_button(admin_client, status, buttons):
    batch = make_batch(count=3, status=status, failed=1 if "retry" in buttons else 0)
    html = page(admin_client, url("change", batch))
    assert {name for name in ("stop", "resume", "retry") if f'action="{url(name, batch)}"' in html} == buttons
    assert {name for name in ("stop", "resume", "retry") if f'id="action-{name}"' in html} == buttons


def test_stop_and_resume_go_through_the_actions(admin_client):
    batch = make_batch(status=BatchStatus.RUNNING)
    admin_client.post(url("stop", batch))
    assert Batch.objects.get().status == BatchStatus.STOPPED
    admin_client.post(url("resume", batch))
    assert Batch.objects.get().status == BatchStatus.RUNNING


def test_resume_takes_the_caps_that_stand_beside_it(admin_client):
    batch = make_batch(status=BatchStatus.STOPPED)
    assert 'id="action-resume" class="l-button is-primary" form="caps-form"' in page(admin_client, url("change", batch))
    admin_client.post(url("resume", batch), {"token_cap": "5000", "cost_cap": ""})
    assert Batch.objects.get().token_cap == 5000


def test_caps_that_are_refused_stay_as_they_were_typed(admin_client):
    batch = make_batch(status=BatchStatus.STOPPED)
    response = admin_client.post(url("resume", batch), {"token_cap": "5000", "cost_cap": "-1"})
    assert response.status_code == 409
    caps = response.context["caps"]
    assert (caps["token_cap"].value(), list(caps.errors)) == ("5000", ["cost_cap"])
    assert Batch.objects.get().status == BatchStatus.STOPPED


def test_a_resume_of_a_batch_that_cannot_go_on_says_so_and_why(admin_client, local):
    batch = make_batch(status=BatchStatus.STOPPED)
    fail("local", "server: HTTP 503", kind=ErrorKind.SERVER, seconds=600)
    html = admin_client.post(url("resume", batch), follow=True).content.decode()
    assert f"Batch {batch.pk} is resumed, but it cannot go on yet. No call can leave now." in html
    assert "Local is suspended for 10 min: server: HTTP 503" in html
    assert "is going on" not in html


def test_a_resume_of_a_batch_that_can_go_on_says_that(admin_client, local):
    open_store()
    batch = make_batch(status=BatchStatus.STOPPED)
    assert f"Batch {batch.pk} is going on." in admin_client.post(url("resume", batch), follow=True).content.decode()


# --- what is in the way --------------------------------------------------------
MENDS = [
    (ErrorKind.AUTH, "local", "#id_api_key", "Enter the key"),
    (ErrorKind.CONNECTION, "local", "#id_base_url", "Check the base URL"),
    (ErrorKind.NOT_FOUND, "local/good", "#id_model_id", "Check the model&#x27;s id"),
    (ErrorKind.SERVER, "local", "", ""),
    (ErrorKind.BILLING, "local", "", ""),
]


@pytest.mark.parametrize(("kind", "scope", "anchor", "remedy"), MENDS)
def test_an_outage_stands_on_the_batchs_page_with_what_mends_it(admin_client, local, kind, scope, anchor, remedy):
    batch = make_batch(status=BatchStatus.RUNNING, status_reason="local is at its limit of 5 tokens")
    fail(scope, f"{kind}: the vendor's words", kind=kind)
    html = page(admin_client, url("live", batch))
    assert f"{kind}: the vendor&#x27;s words" in html
    assert html.count("Try again now") >= 2  # with the trouble, and with its route
    assert "Running, but waiting" in html
    assert remedy in html
    links = [part.split('"')[0] for part in html.split('href="')[1:] if "#id_" in part.split('"')[0]]
    assert [link.partition("#")[2] for link in links] == ([anchor.removeprefix("#")] if anchor else [])


def test_the_routes_and_the_timeline_agree_on_what_is_suspended(admin_client, local):
    batch = make_batch(status=BatchStatus.RUNNING)
    fail("local/good", "server: HTTP 503", kind=ErrorKind.SERVER)
    observer, route = LaneObserver(), chain(keeper.current(fresh=True))
    observer.look(shared_store.states(["local", "local/good"]), route, 2e9)
    news.record(batch.pk, observer.notes)
    context = admin_client.get(url("live", batch)).context
    (row,) = context["rows"]
    assert (row.provider, row.model, row.called, row.trouble.scope) == ("local", "good", None, "local/good")
    assert context["lines"][0].words.startswith("local good suspended 60 s")


def test_a_batch_at_its_cap_leads_to_a_higher_one(admin_client, local):
    batch = make_batch(
        status=BatchStatus.PAUSED, status_reason="At its cap.", token_cap=5, needs_tokens=9, needs_cost=0
    )
    html = page(admin_client, url("change", batch))
    assert '<a class="text-link" id="remedy-cap" href="#caps-panel">Raise the cap</a>' in html


def test_who_may_only_look_is_told_the_trouble_without_buttons(local):
    batch = make_batch(status=BatchStatus.RUNNING)
    fail("local", "auth: revoked")
    html = page(viewer("view_batch", "view_provider"), url("change", batch))
    assert "auth: revoked" in html
    assert "Try again now" not in html
    assert "#id_api_key" not in html


def test_retry_takes_up_the_failed_items(admin_client):
    batch = make_batch(count=3, done=2, failed=1, status=BatchStatus.COMPLETED_WITH_FAILURES)
    admin_client.post(url("retry", batch))
    assert not Item.objects.filter(status=ItemStatus.FAILED).exists()


def test_what_cannot_be_done_is_said_and_changes_nothing(admin_client):
    batch = make_batch(status=BatchStatus.COMPLETED)
    response = admin_client.post(url("stop", batch), follow=True)
    assert "cannot be stopped" in response.content.decode()
    assert Batch.objects.get().status == BatchStatus.COMPLETED


@pytest.mark.parametrize("name", ["stop", "resume", "retry"])
def test_nothing_is_done_by_a_get_or_without_permission(admin_client, name):
    batch = make_batch(status=BatchStatus.RUNNING)
    assert admin_client.get(url(name, batch)).status_code == 405
    assert viewer("view_batch").post(url(name, batch)).status_code == 403
    assert Batch.objects.get().status == BatchStatus.RUNNING


def test_who_may_only_look_sees_the_page_without_buttons():
    batch = make_batch(status=BatchStatus.RUNNING)
    assert url("stop", batch) not in page(viewer("view_batch"), url("change", batch))


def test_page_and_list_ask_as_much_for_a_large_batch_as_for_a_small_one(admin_client, django_assert_max_num_queries):
    batch = make_batch(count=40, failed=30, status=BatchStatus.RUNNING)
    for number in range(1, 31):
        make_attempt(batch, number, "bad_output")
    page(admin_client, url("change", batch))  # the configuration is read once
    with django_assert_max_num_queries(13):
        page(admin_client, url("change", batch))
    with django_assert_max_num_queries(13):
        page(admin_client, url("live", batch))
    with django_assert_max_num_queries(8):
        page(admin_client, LIST)


def test_a_batch_that_is_not_there_is_said_to_be_missing(admin_client):
    assert admin_client.get(reverse("admin:generation_batch_live", args=[999])).status_code == 404
    assert admin_client.get(reverse("admin:generation_batch_change", args=[999])).status_code == 302


# --- progress ----------------------------------------------------------------
def test_progress_is_told_by_status(admin_client):
    batch = make_batch(count=10, done=3, failed=2, status=BatchStatus.RUNNING)
    waiting = Item.objects.filter(batch=batch, status=ItemStatus.PENDING)
    lease = {"status": ItemStatus.LEASED, "lease_token": uuid.uuid4(), "leased_until": timezone.now()}
    Item.objects.filter(pk=waiting[0].pk).update(**lease)
    Item.objects.filter(pk=waiting[0].pk).update(retry_at=timezone.now() + timedelta(minutes=1))
    progress = admin_client.get(url("live", batch)).context["progress"]
    assert (progress.done, progress.failed, progress.in_work, progress.waiting, progress.put_back) == (3, 2, 1, 4, 1)


def test_the_pace_gives_the_time_left(admin_client):
    batch = make_batch(count=30, done=10, status=BatchStatus.RUNNING)
    for number in range(1, 11):
        age = timedelta(minutes=2) if number > 1 else timedelta(seconds=5)
        make_attempt(batch, number, "ok", started_at=timezone.now() - age)
    pace = admin_client.get(url("live", batch)).context["pace"]
    assert pace.per_minute == pytest.approx(5, rel=0.05)
    assert pace.left.total_seconds() == pytest.approx(240, rel=0.05)
    assert "about 4 min left" in page(admin_client, LIST)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"status": BatchStatus.PAUSED}, "waiting for a route that can work"),
        ({"status": BatchStatus.PAUSED, "needs_tokens": 5, "needs_cost": 0}, "waiting for a higher cap"),
        ({"status": BatchStatus.RUNNING, "status_reason": "groq is at its limit."}, "waiting"),
        ({"status": BatchStatus.COMPLETED}, ""),
    ],
)
def test_the_time_left_of_a_batch_that_waits_is_that_it_waits(admin_client, fields, said):
    assert admin_client.get(url("live", make_batch(**fields))).context["time_left"] == said


def test_a_paused_batch_is_looked_at_less_often(admin_client):
    assert "every 5s" in page(admin_client, url("change", make_batch(status=BatchStatus.PAUSED)))


def test_routes_tell_the_latency_of_accepted_answers(admin_client):
    batch = make_batch(count=4)
    for number, latency_ms in enumerate((100, 200, 300), 1):
        make_attempt(batch, number, "ok", latency_ms=latency_ms)
    make_attempt(batch, 4, "timeout", latency_ms=60_000)
    (route,) = admin_client.get(url("live", batch)).context["routes"]
    assert (route.p50_ms, route.p95_ms) == (pytest.approx(200, rel=0.03), pytest.approx(300, rel=0.03))


def test_calls_are_drawn_by_minute_without_gaps(admin_client):
    at = timezone.now().replace(second=0) - timedelta(minutes=4)
    batch = make_batch(count=2, finished_at=at + timedelta(minutes=4))
    make_attempt(batch, 1, "ok", started_at=at)
    make_attempt(batch, 2, "server", started_at=at + timedelta(minutes=2))
    accepted, failed = admin_client.get(url("live", batch)).context["chart"]["series"]
    assert accepted["values"] == [1, 0, 0, 0, 0]
    assert failed["values"] == [0, 0, 1, 0, 0]


# --- failed items ------------------------------------------------------------
def test_failed_items_are_listed_by_reason_with_what_was_answered(admin_client):
    batch = make_batch(count=3, failed=2, status=BatchStatus.COMPLETED_WITH_FAILURES)
    Item.objects.filter(batch=batch, number=1).update(failure="groq/llama: bad_output: no JSON")
    Item.objects.filter(batch=batch, number=2).update(failure="groq/llama: context_length")
    make_attempt(batch, 1, "bad_output", detail="no JSON", answer="<b>Sorry</b>")
    assert "2 failed items" in page(admin_client, url("failed", batch))
    narrowed = page(admin_client, url("failed", batch) + "?why=bad_output")
    assert 'id="item-1"' in narrowed
    assert 'id="item-2"' not in narrowed
    calls = page(admin_client, reverse("admin:generation_batch_item", args=[batch.pk, 1]))
    assert "&lt;b&gt;Sorry&lt;/b&gt;" in calls


def test_failed_items_are_found_by_how_their_last_call_ended(admin_client):
    batch = make_batch(count=4, failed=3)
    make_attempt(batch, 1, "server")
    make_attempt(batch, 1, "bad_output")
    make_attempt(batch, 2, "server")
    kinds = admin_client.get(url("failed", batch)).context["kinds"]
    assert {(kind, times) for kind, _, times in kinds} == {("bad_output", 1), ("server", 1), ("no_call", 1)}
    for kind, number in (("bad_output", 1), ("server", 2), ("no_call", 3)):
        (failure,) = admin_client.get(url("failed", batch), {"kind": kind}).context["failures"]
        assert (failure.kind, failure.item.number) == (kind, number)


@pytest.mark.parametrize("words", ["2", "no json", "negligence"])
def test_failed_items_are_found_by_number_reason_and_topic(admin_client, words):
    batch = make_batch(count=3, failed=3)
    Item.objects.filter(batch=batch, number=2).update(failure="bad_output: no JSON", topic="Negligence")
    (failure,) = admin_client.get(url("failed", batch), {"why": words}).context["failures"]
    assert failure.item.number == 2


def test_failed_items_are_exported_by_filter_with_their_last_call(admin_client):
    batch = make_batch(count=3, failed=2)
    make_attempt(batch, 1, "bad_output", detail="no JSON", answer="Sorry")
    response = admin_client.get(url("failed_export", batch), {"kind": "bad_output"})
    (line,) = map(json.loads, response.getvalue().decode().splitlines())
    assert (line["number"], line["kind"]) == (1, "bad_output")
    assert line["last_call"] == {"provider": "groq", "model": "llama", "detail": "no JSON", "answer": "Sorry"}
    everything = admin_client.get(url("failed_export", batch)).getvalue().decode().splitlines()
    assert [json.loads(line)["number"] for line in everything] == [1, 2]


def test_a_failed_item_that_is_retried_twice_says_so_on_the_list_it_came_from(admin_client):
    batch = make_batch(count=3, failed=2, status=BatchStatus.COMPLETED_WITH_FAILURES)
    retry = reverse("admin:generation_batch_item_retry", args=[batch.pk, 2])
    assert f"Batch {batch.pk} is trying item 2 again." in admin_client.post(retry, follow=True).content.decode()
    again = admin_client.post(retry, follow=True)
    assert f"Item 2 of batch {batch.pk} is not failed, or not any more." in again.content.decode()
    assert again.redirect_chain == [(url("failed", batch), 302)]


def test_one_failed_item_is_tried_again(admin_client):
    batch = make_batch(count=3, failed=2, status=BatchStatus.COMPLETED_WITH_FAILURES)
    admin_client.post(reverse("admin:generation_batch_item_retry", args=[batch.pk, 2]))
    statuses = list(Item.objects.filter(batch=batch).order_by("number").values_list("status", flat=True))
    assert statuses[:2] == [ItemStatus.FAILED, ItemStatus.PENDING]
    assert Batch.objects.get().failed == 1


def test_the_page_of_failed_items_asks_no_more_when_they_are_many(admin_client, django_assert_max_num_queries):
    batch = make_batch(count=70, failed=60)
    for number in range(1, 61):
        make_attempt(batch, number, "bad_output")
    with django_assert_max_num_queries(7):
        page(admin_client, url("failed", batch))


# --- news --------------------------------------------------------------------
NEWS = reverse("admin:generation_batch_news")


def test_news_tell_each_end_with_its_key(admin_client, django_assert_max_num_queries):
    batch = make_batch(count=1, done=1, status=BatchStatus.RUNNING)
    since = admin_client.get(NEWS).json()["newest"]
    assert admin_client.get(NEWS, {"since": since}).json()["news"] == []
    Batch.objects.filter(pk=batch.pk).move_to(BatchStatus.COMPLETED)
    with django_assert_max_num_queries(4):
        (told,) = admin_client.get(NEWS, {"since": since}).json()["news"]
    assert told["words"] == f"Batch {batch.pk} is completed: 1 of 1 sample made."
    assert told["id"] > since


def test_news_that_were_committed_late_are_among_those_shortly_before(admin_client):
    batch = make_batch(count=1, done=1, status=BatchStatus.RUNNING)
    Batch.objects.filter(pk=batch.pk).move_to(BatchStatus.COMPLETED)
    newest = admin_client.get(NEWS).json()["newest"]
    (told,) = admin_client.get(NEWS, {"since": newest}).json()["news"]
    assert told["id"] == newest


def test_news_begin_anew_where_the_database_did(admin_client):
    make_batch()
    told = admin_client.get(NEWS, {"since": 10**12}).json()
    assert told["newest"] < 10**12


def test_news_are_for_those_who_may_see_batches():
    assert viewer("view_sample").get(NEWS).status_code == 403


# --- caps --------------------------------------------------------------------


def at_cap(**fields):
    values = {"status": BatchStatus.PAUSED, "tokens": 900, "token_cap": 1000, "needs_tokens": 300, "needs_cost": 0}
    return make_batch(**{**values, **fields})


def test_a_batch_is_started_with_its_caps_and_what_to_do_where_a_route_is_full(admin_client, local):
    make_model("local", "priced", input_price=1, output_price=2)
    admin_client.post(ADD, {"count": 3, "when_full": "spill", "token_cap": 5000, "cost_cap": "2.50"})
    batch = Batch.objects.get()
    assert (batch.when_full, batch.token_cap, batch.cost_cap) == ("spill", 5000, Decimal("2.5"))


def test_the_page_shows_what_is_spent_beside_the_caps(admin_client):
    batch = make_batch(tokens=98_312, token_cap=100_000, cost=Decimal("2.4"), cost_cap=Decimal("2.5"))
    html = page(admin_client, url("change", batch))
    assert "98,312 of 100,000" in html
    assert "2.40 of 2.50" in html


def test_the_page_shows_cost_and_share_of_accepted_answers_by_route(admin_client):
    batch = make_batch(count=4, status=BatchStatus.RUNNING)
    for number, outcome in enumerate(("ok", "ok", "ok", "bad_output"), start=1):
        make_attempt(batch, number, outcome, cost=Decimal("0.01"))
    make_attempt(batch, 1, "server", model="unpriced")
    html = page(admin_client, url("change", batch))
    assert "75 % of its answers" in html
    assert "<td>0.04</td>" in html
    assert "<td>not known</td>" in html
    assert "without the calls whose prices are not known" in html


def test_a_batch_at_its_cap_offers_to_raise_it_and_goes_on_with_the_new_one(admin_client):
    batch = at_cap(cost_cap=Decimal("2.5"))
    html = page(admin_client, url("change", batch))
    assert 'name="token_cap" value="1000"' in html
    assert 'name="cost_cap" value="2.5"' in html
    admin_client.post(url("resume", batch), {"token_cap": "2000", "cost_cap": ""})
    batch.refresh_from_db()
    assert (batch.status, batch.token_cap, batch.cost_cap) == (BatchStatus.RUNNING, 2000, None)


@pytest.mark.parametrize(
    ("sent", "said"),
    [({}, "Give a higher cap"), ({"token_cap": "1100"}, "Give a higher one"), ({"token_cap": "x"}, "whole")],
)
def test_a_cap_that_does_not_help_is_said_and_the_batch_stays_paused(admin_client, sent, said):
    batch = at_cap()
    response = admin_client.post(url("resume", batch), sent, follow=True)
    assert said in response.content.decode()
    assert Batch.objects.get().status == BatchStatus.PAUSED


def test_a_plain_resume_keeps_the_caps(admin_client):
    batch = make_batch(status=BatchStatus.STOPPED, token_cap=1000)
    admin_client.post(url("resume", batch))
    assert Batch.objects.get().token_cap == 1000


def test_a_batch_that_runs_offers_no_new_caps(admin_client):
    assert 'name="token_cap"' not in page(admin_client, url("change", make_batch(status=BatchStatus.RUNNING)))
