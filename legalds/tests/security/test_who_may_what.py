"""Who may use which address, by one table: every page of the admin, and every path of the API.

An address that is new must be added, with the first of the groups that may use it.
"""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.urls import reverse

from generation.actions.prompts.versions import current_version
from generation.tests.factories import make_batch, make_sample
from legalds.tests.people import client_of, person
from providers.models import ConfigurationChange, Model
from providers.tests.factories import make_provider
from samples.models import Difficulty, Jurisdiction, SampleType, Topic
from samples.tests.seeding import seed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]

TABLES: tuple[Any, ...] = (Jurisdiction, Difficulty, SampleType, Topic)
WITHOUT_ROW = (
    *("changelist", "add", "move", "switch", "again", "champion", "explain", "replace", "limits"),
    *("news", "export", "start", "check"),
)
WITHOUT_ROW_THERE = (("providers_provider", "live"), ("providers_model", "live"), ("generation_batch", "preview"))
OF_AN_ITEM = ("item", "item_retry", "trial")
# From the one who may least to the one who may all; who is no one of them is in no group.
NOBODY, VIEWER, OPERATOR, ADMIN, SUPERUSER, NO_ONE = "nobody", "Viewer", "Operator", "Admin", "superuser", "no one"
LEVELS = (NOBODY, VIEWER, OPERATOR, ADMIN, SUPERUSER, NO_ONE)

READ_ONLY = {"changelist": VIEWER, "change": VIEWER, "history": VIEWER, "add": NO_ONE, "delete": NO_ONE}
CONFIGURED = {
    **READ_ONLY,
    "add": ADMIN,
    "delete": ADMIN,
    "POST change": ADMIN,
    "POST move": ADMIN,
    "POST switch": ADMIN,
    "POST again": ADMIN,
    "live": VIEWER,
}
TERMS = {**READ_ONLY, "add": ADMIN, "delete": ADMIN, "POST change": ADMIN, "POST move": ADMIN, "POST switch": ADMIN}
MANAGED = {"changelist": ADMIN, "change": ADMIN, "history": ADMIN}
MANAGED |= {"add": SUPERUSER, "delete": SUPERUSER, "POST change": SUPERUSER}
ADMIN_PAGES = {
    "providers_provider": {**CONFIGURED, "state": VIEWER, "offered": ADMIN, "POST test": ADMIN, "POST fill": ADMIN}
    | {"explain": VIEWER, "POST duplicate": ADMIN, "limits": VIEWER, "POST limits": ADMIN}
    | {f"POST key_{name}": ADMIN for name in ("set", "remove", "settings_remove")}
    | {f"POST suggestions_{name}": ADMIN for name in ("take", "dismiss")},
    "providers_model": {**CONFIGURED, "state": VIEWER}
    | {f"POST {name}": ADMIN for name in ("test", "champion", "forget", "replace")},
    "providers_configurationchange": READ_ONLY,
    "generation_batch": {**READ_ONLY, "add": OPERATOR, "POST preview": OPERATOR}
    | dict.fromkeys(("live", "limits_ahead", "news", "failed", "failed_export", "item"), VIEWER)
    | {f"POST {name}": OPERATOR for name in ("stop", "resume", "retry", "item_retry", "urgency")},
    "generation_promptversion": {**READ_ONLY, "add": ADMIN, "preview": VIEWER, "trial": VIEWER}
    | {f"POST {name}": ADMIN for name in ("check", "current", "try")},
    "samples_sample": {**READ_ONLY, "delete": ADMIN, "export": VIEWER, "start": OPERATOR}
    | {f"POST {name}": OPERATOR for name in ("review", "undo")},
    **{f"samples_{kind}": TERMS for kind in ("jurisdiction", "difficulty", "sampletype", "topic")},
    "auth_user": {**MANAGED, "password_change": SUPERUSER},
    "auth_group": MANAGED,
}
API = {
    "GET /api/changes": VIEWER,
    "GET /api/limits": VIEWER,
    "PUT /api/limits": ADMIN,
    "GET /api/providers": VIEWER,
    "GET /api/providers/all": VIEWER,
    "GET /api/providers/stats": VIEWER,
    "GET /api/providers/{pk}": VIEWER,
    "POST /api/providers": ADMIN,
    "PUT /api/providers/{pk}": ADMIN,
    "PATCH /api/providers/{pk}": ADMIN,
    "DELETE /api/providers/{pk}": ADMIN,
    "POST /api/providers/{pk}/toggle": ADMIN,
    "PUT /api/providers/{pk}/config": ADMIN,
    "POST /api/providers/{pk}/duplicate": ADMIN,
    "POST /api/providers/{pk}/test": ADMIN,
    "POST /api/providers/{pk}/offered": ADMIN,
    "POST /api/providers/{pk}/fill": ADMIN,
    "GET /api/providers/{pk}/suggestions": VIEWER,
    "POST /api/providers/{pk}/suggestions": ADMIN,
    "GET /api/routes/explain": VIEWER,
    "GET /api/models": VIEWER,
    "GET /api/models/all": VIEWER,
    "GET /api/models/quality": VIEWER,
    "GET /api/models/{id}": VIEWER,
    "POST /api/models": ADMIN,
    "POST /api/models/reorder": ADMIN,
    "GET /api/models/standings": VIEWER,
    "POST /api/models/replace": ADMIN,
    "PUT /api/models/{id}": ADMIN,
    "PATCH /api/models/{id}": ADMIN,
    "DELETE /api/models/{id}": ADMIN,
    "POST /api/models/{id}/toggle": ADMIN,
    "PUT /api/models/{id}/priority": ADMIN,
    "POST /api/models/{id}/forget": ADMIN,
    "GET /api/forecast": VIEWER,
    "GET /api/batches": VIEWER,
    "GET /api/batches/{id}": VIEWER,
    "GET /api/batches/{id}/samples": VIEWER,
    "GET /api/batches/{id}/events": VIEWER,
    "GET /api/batches/{id}/failed": VIEWER,
    "GET /api/batches/{id}/authorities": VIEWER,
    "POST /api/batches": OPERATOR,
    "POST /api/batches/estimate": OPERATOR,
    "PATCH /api/batches/{id}": OPERATOR,
    "POST /api/batches/{id}/stop": OPERATOR,
    "POST /api/batches/{id}/resume": OPERATOR,
    "POST /api/batches/{id}/retry": OPERATOR,
    "GET /api/prompts": VIEWER,
    "GET /api/prompts/{number}": VIEWER,
    "GET /api/prompts/{number}/preview": VIEWER,
    "POST /api/prompts": ADMIN,
    "POST /api/prompts/{number}/current": ADMIN,
    "GET /api/samples": VIEWER,
    "GET /api/samples/{id}": VIEWER,
    "GET /api/samples/export": VIEWER,
    "POST /api/samples/review": OPERATOR,
    "POST /api/samples/{id}/review": OPERATOR,
    "GET /api/topics": NOBODY,
    "GET /api/sample-types": NOBODY,
}
for kind in ("jurisdictions", "difficulties", "sample-types", "topics"):
    API |= {f"GET /api/taxonomy/{kind}": VIEWER, f"POST /api/taxonomy/{kind}": ADMIN}
    API |= {f"{method} /api/taxonomy/{kind}/{{word}}": ADMIN for method in ("PATCH", "DELETE")}
    API |= {f"GET /api/taxonomy/{kind}/{{word}}": VIEWER, f"PUT /api/taxonomy/{kind}/{{word}}/place": ADMIN}
API_FREE = {"GET /api/health", "GET /api/schema"}


@pytest.fixture
def rows():
    """One of each kind, by the name of its pages."""
    make_provider("groq", models=["good"])
    other = User.objects.create_user("other")
    seed()
    return {
        "providers_provider": "groq",
        "providers_model": Model.objects.get().pk,
        "providers_configurationchange": ConfigurationChange.objects.all()[0].pk,
        "generation_batch": make_batch().pk,
        "generation_promptversion": current_version().number,
        "samples_sample": make_sample().pk,
        **{f"samples_{table._meta.model_name}": table.objects.all()[0].pk for table in TABLES},
        "auth_user": other.pk,
        "auth_group": Group.objects.create(name="of our own").pk,
    }


@pytest.fixture(params=[NOBODY, VIEWER, OPERATOR, ADMIN, SUPERUSER])
def level(request):
    return request.param


@pytest.fixture
def client(level):
    return client_of(person("ann", level, is_superuser=level == SUPERUSER))


@pytest.fixture(params=["at the border", pytest.param("everywhere", marks=pytest.mark.nightly)])
def asked(request, level):
    """Whether somebody of the level asks for what ``least`` may use: the two at the border do, at night all."""
    return lambda least: request.param == "everywhere" or LEVELS.index(least) - LEVELS.index(level) in (0, 1)


def allows(level, least):
    return LEVELS.index(level) >= LEVELS.index(least)


def admin_url(kind, page, rows):
    is_of_list = page in WITHOUT_ROW or (kind, page) in WITHOUT_ROW_THERE
    args = [] if is_of_list else [rows[kind], *([1] if page in OF_AN_ITEM else [])]
    return reverse(f"admin:{kind}_{page}", args=args)


def wrongly(answers, level):
    """What is not answered as the table has it: 403 for who may not, anything else for who may."""
    return [(name, code) for name, code, least in answers if (code != 403) != allows(level, least)]


def test_every_page_of_the_admin_is_for_who_may_use_it(client, level, rows, asked):
    answers = []
    for kind, pages in ADMIN_PAGES.items():
        for name, least in ((name, least) for name, least in pages.items() if asked(least)):
            method, _, page = name.rpartition(" ")
            send = client.post if method else client.get
            answers.append((f"{kind} {name}", send(admin_url(kind, page, rows)).status_code, least))
    assert wrongly(answers, level) == []


def test_every_path_of_the_api_is_for_who_may_use_it(client, level, rows, asked):
    answers = []
    for name, least in ((name, least) for name, least in API.items() if asked(least)):
        method, _, path = name.partition(" ")
        kind = {"providers": "providers_provider", "models": "providers_model", "batches": "generation_batch"}
        kind["prompts"] = "generation_promptversion"
        pk = rows[kind.get(path.split("/")[2], "samples_sample")]
        sent = getattr(client, method.lower())(re.sub(r"{\w+}", str(pk), path), content_type="application/json")
        answers.append((name, sent.status_code, least))
    assert wrongly(answers, level) == []


def test_the_table_holds_every_page_of_the_admin():
    names = {url.name for model_admin in admin.site._registry.values() for url in model_admin.get_urls() if url.name}
    listed = {f"{kind}_{name.rpartition(' ')[2]}" for kind, pages in ADMIN_PAGES.items() for name in pages}
    assert names == listed


def test_the_table_holds_every_path_of_the_api(admin_client):
    paths = admin_client.get("/api/schema").json()["paths"]
    names = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    listed = {*API, *API_FREE}
    assert {re.sub(r"{\w+}", "{}", name) for name in names} == {re.sub(r"{\w+}", "{}", name) for name in listed}


def test_who_is_in_no_group_is_shown_no_link(rows):
    html = client_of(person("ann")).get(reverse("admin:index")).content.decode()
    assert not [kind for kind in ADMIN_PAGES if f'href="{admin_url(kind, "changelist", rows)}"' in html]


@pytest.mark.parametrize(
    ("group", "shown"),
    [
        (
            "Viewer",
            {
                "providers_provider",
                "providers_model",
                "providers_configurationchange",
                "generation_batch",
                "generation_promptversion",
                "samples_sample",
                *(f"samples_{table._meta.model_name}" for table in TABLES),
            },
        ),
        ("Admin", set(ADMIN_PAGES)),
    ],
)
def test_the_sidebar_links_what_one_may_see(group, shown, rows):
    html = client_of(person("ann", group)).get(reverse("admin:index")).content.decode()
    assert {kind for kind in ADMIN_PAGES if f'href="{admin_url(kind, "changelist", rows)}"' in html} == shown


@pytest.mark.parametrize("kind", ["providers_provider", "providers_model", "generation_batch", "samples_topic"])
def test_a_viewer_is_offered_nothing_to_change(kind, rows):
    client = client_of(person("ann", "Viewer"))
    pages = [client.get(admin_url(kind, page, rows)).content.decode() for page in ("changelist", "change")]
    for html in pages:
        assert admin_url(kind, "add", rows) not in html
        assert 'class="l-handle"' not in html
        assert html.count('role="switch"') == html.count(" disabled></button>")
        assert not re.findall(r'name="(?:_save|api_key|secret_config)"|/(?:stop|resume|retry|test|key|offered)/', html)
