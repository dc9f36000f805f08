"""A batch is started on its form, or the form says why not."""

from decimal import Decimal

import pytest

from generation.models import Batch
from generation.tests.admin.batch_pages import ADD, url
from providers.tests.admin.admin_pages import viewer
from providers.tests.factories import make_model

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]


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


def test_a_batch_is_started_with_its_caps_and_what_to_do_where_a_route_is_full(admin_client, local):
    make_model("local", "priced", input_price=1, output_price=2)
    admin_client.post(ADD, {"count": 3, "when_full": "spill", "token_cap": 5000, "cost_cap": "2.50"})
    batch = Batch.objects.get()
    assert (batch.when_full, batch.token_cap, batch.cost_cap) == ("spill", 5000, Decimal("2.5"))
