"""A client of the API for tests, and the configuration that it sees.

``from providers.tests.api.api_client import api, groq, own_keys`` makes the fixtures known.
"""

import uuid

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from providers.configuration.snapshot import keeper
from providers.models import Model, Provider
from providers.tests import factories

KEY = "gsk_planted-secret-1234"


@pytest.fixture(autouse=True)
def own_keys(settings):
    """Breakers of one test are none of another's."""
    settings.KEY_PREFIX = f"{settings.KEY_PREFIX}-{uuid.uuid4().hex[:8]}"
    keeper.forget()


@pytest.fixture
def api():
    return logged_in(User.objects.create_superuser("root"))


@pytest.fixture
def groq():
    return make_provider("groq", models=("fast", "good", "cheap"))


def logged_in(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def make_provider(pk, models=(), **values):
    factories.make_provider(pk, models=models, **{"base_url": "https://api.example.com/v1", **values})
    return Provider.objects.get(pk=pk)


def model_pk(model_id):
    return Model.objects.get(model_id=model_id).pk


def model_ids(provider_id="groq"):
    return list(Model.objects.filter(provider_id=provider_id).values_list("model_id", flat=True))


def error_of(response, status=400):
    assert response.status_code == status, response.content
    return response.json()["error"]
