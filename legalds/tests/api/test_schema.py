"""The OpenAPI description of the API."""

import pytest
from django.contrib.auth.models import User
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from rest_framework.test import APIClient


@pytest.fixture(scope="module")
def schema():
    with GENERATOR_STATS.silence():
        found = SchemaGenerator().get_schema(request=None, public=True)
        yield found
        GENERATOR_STATS.reset()


def test_it_is_valid_and_complete(schema):
    validate_schema(schema)

    assert not GENERATOR_STATS._error_cache
    assert not GENERATOR_STATS._warn_cache


def test_a_paged_list_is_described_by_its_own_name(schema):
    samples = schema["components"]["schemas"]["PaginatedSampleList"]

    assert list(samples["properties"]) == ["samples", "count"]


def test_a_secret_is_only_ever_taken(schema):
    assert schema["components"]["schemas"]["Secrets"]["properties"]["api_key"]["writeOnly"]


@pytest.mark.django_db
def test_it_is_shown_to_those_who_are_logged_in():
    client = APIClient()
    assert client.get("/api/schema").status_code == 401

    client.force_authenticate(User.objects.create_user("ann"))
    assert client.get("/api/schema").status_code == 200
