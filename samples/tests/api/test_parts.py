"""The United Kingdom is its three laws: a filter for it finds theirs, and samples that are older than them."""

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from samples.tests.factories import make_sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def api():
    client = APIClient()
    client.force_authenticate(User.objects.create_superuser("reader"))
    return client


@pytest.fixture
def of_each():
    return {law: make_sample(jurisdiction=law).pk for law in ("uk", "scotland", "england_wales", "us")}


def ids(api, path, **query):
    return {sample["id"] for sample in api.get(path, query).json()["samples"]}


def test_the_whole_finds_its_parts_and_a_part_itself_alone(api, of_each):
    assert ids(api, "/api/samples", jurisdiction="uk") == set(of_each.values()) - {of_each["us"]}
    assert ids(api, "/api/samples", jurisdiction="scotland") == {of_each["scotland"]}


def test_the_list_of_the_admin_does_so_too(admin_client, of_each):
    for asked, count in (("uk", 3), ("scotland", 1), ("us", 1)):
        response = admin_client.get("/admin/samples/sample/", {"jurisdiction__exact": asked})
        assert len(response.context["cl"].result_list) == count


def test_a_topic_is_found_by_the_names_that_it_has_had(api, admin_client):
    old, new = make_sample(topic="Child Custody").pk, make_sample(topic="Child Arrangements").pk
    for name in ("Child Custody", "Child Arrangements"):
        assert ids(api, "/api/samples", topic=name) == {old, new}
        response = admin_client.get("/admin/samples/sample/", {"topic": name})
        assert len(response.context["cl"].result_list) == 2


def test_topics_of_a_part_are_those_that_its_law_knows(api):
    def names(jurisdiction):
        return {topic["topic"] for topic in api.get("/api/topics", {"jurisdiction": jurisdiction}).json()["topics"]}

    assert names("scotland") < names("uk") == names("england_wales")
    assert "Leasehold vs Freehold" not in names("scotland")
