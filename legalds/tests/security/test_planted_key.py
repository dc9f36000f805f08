"""Secrets that came in by every door and were really used stand nowhere but in their encrypted columns."""

import json
import logging
import re
import secrets
import time
import traceback
from functools import cache
from io import StringIO
from itertools import chain
from operator import methodcaller

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from redis import Redis

from generation.actions import BatchOrder, start_batch
from generation.models import Batch, PromptVersion
from generation.worker.results import files
from generation.worker.running.inline import work_off
from legalds.tests.security.echoing_vendor import ENCODINGS, echoing_vendor
from providers import actions, catalog
from providers.configuration.snapshot import keeper
from providers.llm.errors import LLMError
from providers.models import Model, Provider, ProviderConfig
from providers.routing import route as routing
from providers.sandbox.thread import running_sandbox
from providers.tests.factories import make_provider
from providers.tests.llm.adapters import REQUEST, using
from samples.models import Sample

pytestmark = pytest.mark.django_db(transaction=True)
DOORS = ("environment", "admin", "api")


class OnceEach(logging.Filter):
    """What templates do not find, each once: thousands of times a traceback and all that the page shows are written."""

    def __init__(self):
        super().__init__()
        self.seen = set()

    def filter(self, record):
        is_new = record.getMessage() not in self.seen
        self.seen.add(record.getMessage())
        return is_new


@pytest.fixture
def everything_logged(caplog):
    """Everything that any logger says at DEBUG, also of the SDKs, whose levels the settings raise."""
    templates, once_each = logging.getLogger("django.template"), OnceEach()
    templates.addFilter(once_each)
    known = [name for name, logger in logging.root.manager.loggerDict.items() if isinstance(logger, logging.Logger)]
    for name in (None, *known):
        caplog.set_level(logging.DEBUG, logger=name)
    yield caplog
    templates.removeFilter(once_each)


@pytest.fixture
def planted(own_redis, monkeypatch):
    for entry in catalog.catalogue():
        monkeypatch.delenv(entry.env_key, raising=False)
    return {f"{door} {kind}": f"{kind}-{secrets.token_hex(20)}" for door in DOORS for kind in ("key", "header")}


def config_with(secret):
    return {"headers": {"X-Planted": f"Bearer {secret}"}}


def plant(planted, client, monkeypatch, sandbox, echo_url):
    """The environment's key goes to Mistral's adapter, the admin's to a 401, the API's to a vendor that misbehaves."""
    call_command("seed_providers", stdout=StringIO())
    actions.update_provider("mistral", {"base_url": sandbox.root})
    monkeypatch.setenv("MISTRAL_API_KEY", planted["environment key"])
    call_command("seed_providers", stdout=StringIO())
    actions.set_secrets("mistral", config=config_with(planted["environment header"]))
    sandbox.state.set_behaviour("401", key=planted["environment key"])

    typed = {"id": "by-admin", "name": "A", "base_url": sandbox.url, "adapter": "openai", "enabled": "on"}
    typed |= {
        "requires_key": "on",
        "limits_scope": "account",
        "pacing": "window",
        "extra_config": "{}",
        "api_key": planted["admin key"],
    }
    assert client.post(reverse("admin:providers_provider_add"), typed).status_code == 302
    secrets = {"api_key": planted["admin key"], "secret_config": json.dumps(config_with(planted["admin header"]))}
    url = reverse("admin:providers_provider_key_set", args=["by-admin"])
    assert client.post(url, secrets).status_code == 302
    actions.create_model("by-admin", {"model_id": "401"})

    make_provider("by-api", models=["500", "400", "200", "201"], base_url=echo_url)
    body = {"api_key": planted["api key"], "config": config_with(planted["api header"])}
    assert client.put("/api/providers/by-api/config", body, "application/json").status_code == 200
    make_provider("last", models=["good"], base_url=sandbox.url, requires_key=False)


def use(sandbox, echoed, planted):
    """A batch that walks through all four, and the proof that every secret went to its vendor."""
    batch = start_batch(BatchOrder(count=1), queue=False)
    work_off(batch.pk, deadline=time.monotonic() + 20)
    assert Batch.objects.get().generated == 1
    received = str([call.headers for call in sandbox.calls]) + str(echoed)
    assert [name for name, secret in planted.items() if secret not in received] == []
    assert ProviderConfig.objects.get(pk="by-api").config == config_with(planted["api header"])


def shows(text, secret):
    """Whether it holds a piece of it, or the middle of it in another encoding; four last characters may be shown."""
    return any(piece in text for piece in pieces(secret))


@cache
def pieces(secret):
    middles = [form[len(form) // 3 : -len(form) // 3] for form in (encode(secret) for encode in ENCODINGS[1:])]
    return [*(secret[at : at + 10] for at in (4, 14, 24, 30)), *middles]


# --- where a secret could come out ------------------------------------------
def tables():
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            cells = chain.from_iterable(cursor.fetchall())
            yield f"table {table}", str([bytes(cell) if isinstance(cell, memoryview) else cell for cell in cells])
    yield "sessions", str([session.get_decoded() for session in Session.objects.all()])


def redis_values():
    read = {b"string": "get", b"hash": "hgetall", b"list": "lrange", b"set": "smembers", b"zset": "zrange"}
    with Redis.from_url(settings.REDIS_URL) as redis:
        for key in redis.scan_iter(f"{settings.KEY_PREFIX}*"):
            kind = redis.type(key)
            rest = (0, -1) if kind in (b"list", b"zset") else ()
            yield f"redis {key.decode()}", str(getattr(redis, read[kind])(key, *rest))


def api_bodies(client):
    """Every GET that the schema knows, for every row."""
    rows = {"providers": Provider, "models": Model, "batches": Batch, "samples": Sample, "prompts": PromptVersion}
    for path, methods in client.get("/api/schema").json()["paths"].items():
        if path.startswith("/api/taxonomy/"):
            continue  # what people configure there is no provider's, and no secret is entered there
        name = "number" if "{number}" in path else "pk"
        pks = rows[path.split("/")[2]]._default_manager.values_list(name, flat=True) if "{" in path else [""]
        for pk in pks if "get" in methods else ():
            answer = client.get(re.sub(r"{\w+}", str(pk), path))
            assert answer.status_code == 200, path
            yield f"{path} {pk}", answer.getvalue().decode()


def admin_pages(client):
    """Every list, every form for a new row, and the pages of every provider and of two rows of each other kind."""
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        urls = [reverse(f"{name}_changelist"), reverse(f"{name}_add")]
        for pk in model._default_manager.values_list("pk", flat=True)[: None if model is Provider else 2]:
            urls += [reverse(f"{name}_{page}", args=[pk]) for page in ("change", "history", "delete")]
            urls += [reverse(f"{name}_state", args=[pk])] if model in (Provider, Model) else []
            urls += [reverse(f"{name}_offered", args=[pk])] if model is Provider else []
        for url in urls:
            answer = client.get(url)
            assert answer.status_code in (200, 302, 403), url
            yield url, answer.content.decode()
    yield "live", client.get(reverse("admin:generation_batch_live", args=[Batch.objects.get().pk])).content.decode()


def refusals(client, planted):
    """What is answered to secrets that are not taken."""
    for secret in planted.values():
        wrong = [{"key": secret}, {"api_key": [secret]}, {"api_key": f"{secret} {secret}"}, {"config": secret}]
        for body in (*wrong, f'{{"api_key": "{secret}"'):
            answer = client.put("/api/providers/by-api/config", body, "application/json")
            assert answer.status_code == 400
            yield "refused body", answer.content.decode()
        url = reverse("admin:providers_provider_key_set", args=["by-api"])
        for given in ({"api_key": f"{secret} {secret}"}, {"secret_config": secret}):
            yield "refused form", client.post(url, given, follow=True).content.decode()
        typed = {"id": "x y", "api_key": secret, "secret_config": secret}
        answer = client.post(reverse("admin:providers_provider_add"), typed)
        assert answer.context["adminform"].form.errors
        yield "refused form", answer.content.decode()


def connections_tested(client):
    """Models tested at every vendor, over the admin and over the API, and what the command says of it."""
    for model in Model.objects.filter(provider_id__in=("by-admin", "by-api")) | Model.objects.filter(
        provider_id="mistral", fallback_priority=0
    ):
        tested = client.post(reverse("admin:providers_model_test", args=[model.pk]), headers={"HX-Request": "true"})
        yield f"test of {model}", tested.content.decode()
        page = client.post(
            reverse("admin:providers_provider_test", args=[model.provider_id]), {"model": model.model_id}
        )
        yield f"test of {model}", client.get(page["Location"]).content.decode()
        order = {"model": model.model_id}
        told = client.post(f"/api/providers/{model.provider_id}/test", order, "application/json")
        yield f"test of {model}", told.content.decode()
        try:
            call_command("test_provider", model.provider_id, model=model.model_id, stdout=(out := StringIO()))
            yield f"test of {model}", out.getvalue()
        except CommandError as error:
            yield f"test of {model}", str(error)


def exceptions_and_reprs():
    routes = routing.chain(keeper.current())
    yield "repr", repr((keeper.current(), [route.endpoint for route in routes], [*ProviderConfig.objects.all()]))
    for route in routes:
        try:
            using(route.endpoint, methodcaller("complete", route.facts, REQUEST))
        except LLMError as error:
            yield f"traceback {route.key}", "".join(traceback.format_exception(error)) + repr(error)


@pytest.fixture
def journals(monkeypatch):
    """All that lanes write into their files before it is saved."""
    append, written = files.Growing.append, []

    def noted(self, content):
        written.append(("journal", content.decode()))
        append(self, content)

    monkeypatch.setattr(files.Growing, "append", noted)
    return written


def test_a_secret_stands_nowhere_but_in_its_column(admin_client, planted, everything_logged, monkeypatch, journals):
    with running_sandbox() as sandbox, echoing_vendor() as (echo_url, echoed):
        plant(planted, admin_client, monkeypatch, sandbox, echo_url)
        use(sandbox, echoed, planted)
        told = [*exceptions_and_reprs(), *refusals(admin_client, planted), *connections_tested(admin_client)]
        told += [*api_bodies(admin_client), *admin_pages(admin_client)]
    told += [*tables(), *redis_values(), *journals]
    call_command("dumpdata", stdout=(dump := StringIO()))
    told += [("dump", dump.getvalue()), ("log", everything_logged.text)]

    assert journals
    assert [(name, place) for name, secret in planted.items() for place, text in told if shows(text, secret)] == []
