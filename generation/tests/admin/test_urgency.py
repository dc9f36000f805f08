"""How urgent a batch is, on the pages of batches."""

import pytest

from generation.choices import BatchStatus
from generation.models import Batch
from generation.tests.admin.batch_pages import ADD, LIST, url
from generation.tests.factories import make_batch
from legalds.tests.people import client_of, person
from providers.routing.limits.urgency import Urgency
from providers.tests.admin.admin_pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]

CONTROL = 'id="urgency-form"'


def test_the_order_form_orders_an_urgent_batch(admin_client, local):
    admin_client.post(ADD, {"count": "2", "urgency": "urgent"})
    assert Batch.objects.get().urgency == Urgency.URGENT


def test_an_order_that_says_nothing_is_normal(admin_client, local):
    admin_client.post(ADD, {"count": "2"})
    assert Batch.objects.get().urgency == Urgency.NORMAL


def test_a_clone_is_as_urgent_as_its_batch(admin_client, local):
    batch = make_batch(urgency=Urgency.LOW)
    response = admin_client.get(f"{ADD}?from={batch.pk}")
    assert response.context["form"]["urgency"].value() == "low"


def test_an_operator_changes_it_on_the_page_of_a_batch_at_work(db):
    client = client_of(person("ann", "Operator"))
    batch = make_batch(status=BatchStatus.RUNNING)
    assert CONTROL in page(client, url("change", batch))
    response = client.post(url("urgency", batch), {"urgency": "urgent"}, follow=True)
    assert f"Batch {batch.pk} is set to urgent." in response.content.decode()
    assert Batch.objects.get().urgency == Urgency.URGENT


@pytest.mark.parametrize("name", ["change", "live"])
def test_a_viewer_reads_it_as_text(name):
    html = page(client_of(person("ann", "Viewer")), url(name, make_batch(urgency=Urgency.LOW)))
    assert CONTROL not in html
    assert "<dt>Urgency</dt><dd>low</dd>" in html


def test_of_a_batch_that_has_ended_it_is_text(admin_client):
    html = page(admin_client, url("change", make_batch(status=BatchStatus.COMPLETED)))
    assert "<dt>Urgency</dt><dd>normal</dd>" in html


@pytest.mark.parametrize(
    ("status", "sent", "said"),
    [
        (BatchStatus.COMPLETED, {"urgency": "low"}, "cannot be made low"),
        (BatchStatus.RUNNING, {"urgency": "now"}, "Choose one of: low, normal, urgent."),
        (BatchStatus.RUNNING, {}, "Choose one of: low, normal, urgent."),
    ],
)
def test_a_change_that_is_refused_is_told(admin_client, status, sent, said):
    batch = make_batch(status=status)
    response = admin_client.post(url("urgency", batch), sent, follow=True)
    assert said in response.content.decode()
    assert Batch.objects.get().urgency == Urgency.NORMAL


def test_the_list_shows_it_where_it_is_not_normal(admin_client):
    make_batch()
    assert 'l-chip">' not in page(admin_client, LIST)
    make_batch(urgency=Urgency.URGENT)
    assert '<span class="l-chip">urgent</span>' in page(admin_client, LIST)


def test_which_route_is_next_is_asked_for_a_batch_of_its_urgency(admin_client):
    html = page(admin_client, url("change", make_batch(status=BatchStatus.RUNNING, urgency=Urgency.LOW)))
    assert "&amp;urgency=low" in html
