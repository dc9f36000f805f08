"""Who asks, and a provider that works without a key."""

import pytest
from django.contrib.auth.models import User

from providers.tests.api.api_client import logged_in
from providers.tests.factories import make_provider


@pytest.fixture
def user():
    return User.objects.create_superuser("root")


@pytest.fixture
def api(user):
    return logged_in(user)


@pytest.fixture
def groq():
    make_provider("groq", models=["good"], requires_key=False)
