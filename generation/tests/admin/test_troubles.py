"""What is in the way of a batch, on its page, with what mends it."""

import pytest

from generation.choices import BatchStatus
from generation.tests.admin.batch_pages import url
from generation.tests.factories import make_batch
from generation.worker.lane.observer import LaneObserver
from generation.worker.results import news
from providers.calling import shared_store
from providers.configuration.snapshot import keeper
from providers.llm.errors import ErrorKind
from providers.routing.route import chain
from providers.tests.admin.admin_pages import page, viewer
from providers.tests.calling.store.scripted_store import fail, open_store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]


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
