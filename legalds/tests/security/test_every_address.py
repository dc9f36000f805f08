"""Every address of the site, with every method, for everybody: nothing breaks, and what only looks changes nothing."""

import re
from collections.abc import Iterator
from copy import copy

import pytest
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from generation.actions.prompts.versions import current_version
from generation.tests.factories import make_batch, make_sample, make_trial
from legalds.tests.people import client_of, person
from legalds.tests.sweeps import sweep
from providers.models import ConfigurationChange, Model, Provider, ProviderConfig
from providers.tests.admin.admin_pages import make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]
NOBODY = "nobody"
ROLES = (NOBODY, "Viewer", "Operator", "Admin")
METHODS = ("POST", "PUT", "PATCH", "DELETE", "TRACE")
# Every day: a look of who is let in nowhere, and all of who is let in everywhere; whom an address refuses is in
# test_who_may_what, too.
LOOKING = sweep(ROLES, (NOBODY, "Admin"))
EVERY_DAY = {("Admin", "POST"), ("Admin", "DELETE")}
CHANGING = [
    pytest.param(role, method, marks=() if (role, method) in EVERY_DAY else pytest.mark.nightly)
    for role in ROLES
    for method in METHODS
]
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
OTHERS = {"number": "1", "app_label": "providers", "content_type_id": "1", "unknown": "nothing", "url": "nothing"}


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from routes(entry, route)


def plain(route: str) -> str:
    """Of a regular expression, the one path that it is written for."""
    return route.replace("(?P<app_label>", "<app_label>(").partition("(")[0].replace("^", "").replace("$", "")


@pytest.fixture
def paths(sandbox):
    """One for each address, with a row that is there where it is about one."""
    provider = make_provider("served", "good", base_url=sandbox.url, requires_key=False)
    batch, sample = make_batch(failed=1), make_sample()
    model = Model.objects.get()
    make_trial(current_version())
    rows = {
        "api/providers": provider.pk,
        "api/models": model.pk,
        "api/batches": batch.pk,
        "api/samples": sample.pk,
        "admin/providers/provider/": provider.pk,
        "admin/providers/model/": model.pk,
        "admin/providers/configurationchange/": ConfigurationChange.objects.all()[0].pk,
        "admin/generation/batch/": batch.pk,
        "admin/generation/promptversion/": current_version().number,
        "admin/samples/sample/": sample.pk,
        "admin/auth/user/": User.objects.create_user("other").pk,
        "admin/auth/group/": Group.objects.create(name="of our own").pk,
    }

    def filled(route: str) -> str:
        row = next((pk for start, pk in rows.items() if route.startswith(start)), "1")
        return "/" + PLACE.sub(lambda found: OTHERS.get(found[1], str(row)), plain(route))

    return sorted({filled(route) for route in routes(get_resolver())})


@pytest.fixture
def ask(role):
    """Sends one request and takes back what it did; the answer."""
    client = Client() if role == NOBODY else client_of(person("ann", role))
    client.raise_request_exception = False
    signed_in = copy(client.cookies)

    def ask(method: str, path: str):
        client.cookies = copy(signed_in)
        with transaction.atomic():
            response = client.generic(method, path, content_type="application/json")
            list(response) if response.streaming else None
            transaction.set_rollback(True)
        return response

    return ask


def configuration():
    kinds = (Provider, Model, ProviderConfig, ConfigurationChange)
    return [list(kind._default_manager.order_by("pk").values()) for kind in kinds]


def test_the_addresses_are_found(paths):
    assert {"/api/health", "/api/providers/served/offered", "/admin/providers/provider/served/offered/"} <= set(paths)
    assert len(paths) > 100
    assert not [path for path in paths if re.search(r"[<>()^$?\\]", path)]


@pytest.mark.parametrize(("role", "method"), CHANGING)
def test_nothing_breaks(paths, ask, method):
    assert [(path, code) for path in paths if (code := ask(method, path).status_code) >= 500] == []


@pytest.mark.parametrize("role", LOOKING)
@pytest.mark.parametrize("methods", sweep((("GET",), ("GET", "HEAD", "OPTIONS")), (("GET",),)))
def test_a_look_breaks_nothing_asks_no_vendor_and_changes_no_configuration(paths, role, methods, sandbox):
    client = Client() if role == NOBODY else client_of(person("ann", role))
    client.raise_request_exception = False
    before = configuration()
    codes = {path: [read(client, method, path) for method in methods] for path in paths}
    assert {path: found for path, found in codes.items() if max(found) >= 500} == {}
    assert {path: found for path, found in codes.items() if len({*found[:2]}) > 1} == {}  # HEAD answers as GET does
    assert sandbox.calls == []
    assert configuration() == before


def read(client, method, path):
    response = client.generic(method, path)
    list(response) if response.streaming else None
    return response.status_code
