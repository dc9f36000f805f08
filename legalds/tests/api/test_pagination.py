"""Pages of long lists: what they count, and how one gets to those far down."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from legalds.api import pagination
from samples.models import Sample
from samples.tests.factories import make_sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(monkeypatch):
    """More samples than are counted."""
    monkeypatch.setattr(pagination, "COUNTED_MAX", 3)
    return sorted((make_sample().pk for _ in range(6)), reverse=True)


def ids(response):
    assert response.status_code == 200, response.content
    return [sample["id"] for sample in response.json()["samples"]]


def test_what_is_counted_is_bounded_and_an_estimate_is_called_one(admin_client, many):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = admin_client.get("/api/samples?search=contract")
    assert response.headers[pagination.ESTIMATE] == "true"
    assert response.json()["count"] > 3
    assert any("LIMIT 4" in query["sql"] for query in queries if "COUNT(*)" in query["sql"])


def test_a_small_number_is_exact(admin_client, many):
    Sample.objects.filter(pk__in=many[3:]).delete()
    response = admin_client.get("/api/samples")
    assert response.json()["count"] == 3
    assert pagination.ESTIMATE not in response.headers


def test_pages_beyond_what_is_counted_are_reached(admin_client, many):
    assert ids(admin_client.get("/api/samples?offset=4&limit=2")) == many[4:]


def test_a_page_goes_on_before_an_id(admin_client, many):
    assert ids(admin_client.get(f"/api/samples?before={many[2]}&limit=2")) == many[3:5]
    assert ids(admin_client.get(f"/api/samples?before={many[-1]}")) == []


@pytest.mark.parametrize("path", ["/api/batches", "/api/changes"])
def test_every_list_with_the_newest_first_goes_on_before_an_id(admin_client, path):
    assert admin_client.get(f"{path}?before=5").status_code == 200


@pytest.mark.parametrize("query", ["before=0", "before=x", "before=99999999999999999999"])
def test_what_is_no_id_is_refused_by_name(admin_client, query):
    response = admin_client.get(f"/api/samples?{query}")
    assert response.status_code == 400
    assert list(response.json()["error"]["fields"]) == ["before"]


def test_a_list_in_another_order_knows_no_before(admin_client):
    assert admin_client.get("/api/models?before=1").status_code == 400
