"""The Content-Security-Policy as it is sent. What it does to real pages stands in the browser tests."""

import pytest
from django.test import Client
from django.urls import reverse

from legalds.security.csp import PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]
HEADER = "Content-Security-Policy"
KEYWORDS = {"'none'", "'self'", "'unsafe-eval'"}


def policy_of(response):
    parts = [part.split() for part in response[HEADER].split(";")]
    return {name: sources for name, *sources in parts}


def test_pages_load_from_this_site_only(admin_client):
    policy = policy_of(admin_client.get(reverse("admin:index")))
    assert policy == PAGES
    assert {source for sources in policy.values() for source in sources} == KEYWORDS
    assert "'unsafe-inline'" not in {*policy["script-src"], *policy["style-src"]}


@pytest.mark.parametrize("path", ["/nowhere", "/admin/login/", "/admin/"])
def test_pages_have_it_whoever_asks_and_whatever_is_answered(path):
    response = Client().get(path)
    assert policy_of(response) == PAGES or response.status_code == 302


@pytest.mark.parametrize("path", ["/api/providers", "/api/nowhere", "/api/schema"])
@pytest.mark.parametrize("debug", [False, True])
def test_answers_for_programs_run_and_load_nothing(admin_client, settings, path, debug):
    settings.DEBUG = debug
    policy = policy_of(admin_client.get(path))
    assert policy["default-src"] == policy["form-action"] == policy["frame-ancestors"] == ["'none'"]
    assert "script-src" not in policy


def test_files_run_nothing_where_one_opens_them_as_pages():
    response = Client().get("/static/legalds/favicon.svg")
    assert response.status_code == 200
    assert policy_of(response)["default-src"] == ["'none'"]
    response.close()


def test_djangos_page_about_a_bug_sends_nothing_anywhere(admin_client, settings):
    settings.DEBUG = True
    policy = policy_of(admin_client.get("/nowhere"))
    assert policy["form-action"] == policy["default-src"] == ["'none'"]
