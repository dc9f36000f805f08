"""Caps on the pages of batches: what is spent of them, and how they are raised."""

from decimal import Decimal

import pytest

from generation.choices import BatchStatus
from generation.models import Batch
from generation.tests.admin.batch_pages import url
from generation.tests.factories import make_attempt, make_batch
from providers.tests.admin.admin_pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]


def at_cap(**fields):
    values = {"status": BatchStatus.PAUSED, "tokens": 900, "token_cap": 1000, "needs_tokens": 300, "needs_cost": 0}
    return make_batch(**{**values, **fields})


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


def test_the_page_shows_what_is_spent_beside_the_caps(admin_client):
    batch = make_batch(tokens=98_312, token_cap=100_000, cost=Decimal("2.4"), cost_cap=Decimal("2.5"))
    html = page(admin_client, url("change", batch))
    assert "98,312 of 100,000" in html
    assert "$2.40 of $2.50" in html


def test_the_page_shows_cost_and_share_of_accepted_answers_by_route(admin_client):
    batch = make_batch(count=4, status=BatchStatus.RUNNING, cost=Decimal("0.04"))
    for number, outcome in enumerate(("ok", "ok", "ok", "bad_output"), start=1):
        make_attempt(batch, number, outcome, cost=Decimal("0.01"))
    make_attempt(batch, 1, "server", model="unpriced")
    html = page(admin_client, url("change", batch))
    assert "75 % of its answers" in html
    assert "<td>$0.04</td>" in html
    assert "<td>not known</td>" in html
    assert "at least $0.04, 1 call has no known cost" in html


def test_a_cost_of_which_nothing_is_known_is_not_told_as_none(admin_client):
    batch = make_batch(count=1, status=BatchStatus.RUNNING)
    make_attempt(batch, 1, "ok")
    html = page(admin_client, url("change", batch))
    assert "<dt>Cost</dt><dd>not known" in html
    assert "$0" not in html


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
