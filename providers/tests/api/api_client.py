"""A client of the API for tests, and the configuration that it sees."""

from rest_framework.test import APIClient

from providers.models import Model, Provider
from providers.tests import factories

KEY = "gsk_planted-secret-1234"


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
