"""The page that Django shows of a bug while DEBUG is on: it must not be the place where a key comes out."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from providers import actions
from providers.tests.factories import make_provider

pytestmark = pytest.mark.django_db
KEY = "sk-planted-0123456789abcdef"
TYPED = '{"headers": {"X-Secret": "planted-header-value"}}'
REDIS_PASSWORD = "planted-redis-password"


@pytest.fixture
def client(settings, monkeypatch):
    """Of a site with DEBUG on, where storing a secret meets a bug."""

    def meet_a_bug(provider_id, **secrets):
        raise RuntimeError("a bug")

    monkeypatch.setattr(actions, "set_secrets", meet_a_bug)
    settings.DEBUG = True
    settings.REDIS_URL = f"redis://:{REDIS_PASSWORD}@127.0.0.1:6379/0"
    settings.CELERY_BROKER_URL = settings.REDIS_URL
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": settings.REDIS_URL}}
    make_provider("groq")
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.fixture(params=["text/html, */*", "*/*"])
def accept(request):
    return {"Accept": request.param}


def page_about_a_bug(response):
    page = response.content.decode()
    assert response.status_code == 500
    assert "a bug" in page
    assert "meet_a_bug" in page
    return page


def test_a_bug_behind_the_api_shows_no_key(client, accept):
    body = {"api_key": KEY, "config": {"headers": {"X-Secret": "planted-header-value"}}}
    page = page_about_a_bug(client.put("/api/providers/groq/config", body, "application/json", headers=accept))
    assert KEY not in page
    assert "planted-header-value" not in page


def test_a_bug_behind_the_admins_form_shows_no_key(client, accept):
    typed = {"id": "new", "name": "New", "base_url": "http://127.0.0.1:9/v1", "adapter": "openai", "pacing": "window"}
    typed |= {"limits_scope": "account", "extra_config": "{}", "api_key": KEY, "secret_config": TYPED}
    page = page_about_a_bug(client.post(reverse("admin:providers_provider_add"), typed, headers=accept))
    assert KEY not in page
    assert "planted-header-value" not in page


def test_a_bug_behind_the_form_of_the_key_panel_shows_no_key(client, accept):
    url = reverse("admin:providers_provider_key_set", args=["groq"])
    page = page_about_a_bug(client.post(url, {"api_key": KEY, "secret_config": TYPED}, headers=accept))
    assert KEY not in page
    assert "planted-header-value" not in page


def test_a_bug_shows_no_password_of_the_servers(client, accept, settings):
    page = page_about_a_bug(
        client.put("/api/providers/groq/config", {"api_key": KEY}, "application/json", headers=accept)
    )
    assert "REDIS_URL" in page
    assert not any(secret in page for secret in (REDIS_PASSWORD, settings.SECRET_KEY, *settings.FERNET_KEYS))
