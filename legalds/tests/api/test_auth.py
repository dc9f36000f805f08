"""Who gets in: tokens, sessions, and nobody else."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from rest_framework.test import APIClient

from legalds.models import ApiToken

pytestmark = pytest.mark.django_db
PATH = "/api/topics"


@pytest.fixture
def user():
    return User.objects.create_user("ann", password="a long pass phrase")


def with_token(token, keyword="Token"):
    return APIClient().get(PATH, headers={"Authorization": f"{keyword} {token}"})


def test_a_token_lets_its_user_in(user):
    assert with_token(ApiToken.objects.issue(user)).status_code == 200


def test_a_user_may_hold_several_tokens(user):
    first, second = ApiToken.objects.issue(user), ApiToken.objects.issue(user)

    assert first != second
    assert with_token(first).status_code == with_token(second).status_code == 200


def test_only_the_digest_of_a_token_is_stored(user):
    token = ApiToken.objects.issue(user)

    [stored] = ApiToken.objects.values()
    assert len(stored["digest"]) == 64
    assert token not in str(stored)


def test_the_digest_itself_is_no_token(user):
    ApiToken.objects.issue(user)

    assert with_token(ApiToken.objects.get().digest).status_code == 401


@pytest.mark.parametrize("header", ["Token wrong", "Token", "Token two words", "Bearer x", "Token \xff"])
def test_anything_else_is_refused_with_a_challenge(user, header):
    response = APIClient().get(PATH, headers={"Authorization": header})

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Token"
    assert response.json()["error"]["fields"] == {}


def test_no_credentials_are_refused_with_a_challenge():
    response = APIClient().get(PATH)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Token"


def test_an_inactive_user_is_refused(user):
    token = ApiToken.objects.issue(user)
    User.objects.update(is_active=False)

    response = with_token(token)

    assert response.status_code == 401
    assert "not active" in response.json()["error"]["message"]


def test_a_session_lets_its_user_in(user):
    client = APIClient()
    client.force_login(user)

    assert client.get(PATH).status_code == 200


def test_a_session_cannot_write_without_its_csrf_token(user):
    User.objects.update(is_superuser=True)
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(user)

    response = client.post("/api/providers", {"id": "x"})

    assert response.status_code == 403
    assert "CSRF" in response.json()["error"]["message"]


def test_a_token_costs_one_query(user, django_assert_num_queries):
    token = ApiToken.objects.issue(user)

    with django_assert_num_queries(2):  # the other one is the list's own
        with_token(token)


def test_who_signs_in_at_the_login_page_itself_comes_to_the_home_page(client):
    User.objects.create_superuser("ann", password="a long pass phrase")
    response = client.post(reverse("admin:login"), {"username": "ann", "password": "a long pass phrase"})
    assert response["Location"] == reverse("admin:index")
