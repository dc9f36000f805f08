"""``manage.py create_token``."""

import io

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from legalds.models import ApiToken

pytestmark = pytest.mark.django_db


def create_token(username, **options):
    stdout = io.StringIO()
    call_command("create_token", username, stdout=stdout, stderr=io.StringIO(), **options)
    return stdout.getvalue()


def test_it_prints_just_the_token_and_the_token_works():
    User.objects.create_user("ann")

    printed = create_token("ann")

    assert printed.count("\n") == 1
    response = APIClient().get("/api/topics", headers={"Authorization": f"Token {printed.strip()}"})
    assert response.status_code == 200


def test_an_unknown_user_ends_with_code_2_and_the_remedy():
    with pytest.raises(CommandError, match=r"manage\.py create_user bob --group Viewer") as caught:
        create_token("bob")

    assert caught.value.returncode == 2


def test_an_inactive_user_gets_no_token():
    User.objects.create_user("ann", is_active=False)

    with pytest.raises(CommandError, match="not active"):
        create_token("ann")

    assert not ApiToken.objects.exists()


def test_revoking_takes_all_tokens_of_the_user_and_of_nobody_else():
    for name in ("ann", "bob"):
        ApiToken.objects.issue(User.objects.create_user(name))

    assert create_token("ann", revoke=True) == ""

    assert [token.user.username for token in ApiToken.objects.all()] == ["bob"]
