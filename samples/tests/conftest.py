"""Two people who review, and a browser in which one of them is signed in."""

import pytest
from django.test import Client

from samples.tests.people import make_user


@pytest.fixture
def ann():
    return make_user("ann", "view_sample", "review_sample")


@pytest.fixture
def bob():
    return make_user("bob", "view_sample", "review_sample")


@pytest.fixture
def signed_in(ann):
    client = Client()
    client.force_login(ann)
    return client
