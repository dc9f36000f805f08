"""Input that no view can work on, everywhere that takes input: an answer that says so, never a fault."""

import json
import re
from functools import cache
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.test import Client
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from generation.tests.factories import make_batch, make_sample
from legalds.api import parsers
from legalds.tests.sweeps import sweep
from providers.tests.admin.admin_pages import make_provider

pytestmark = pytest.mark.django_db
HUGE = "9" * 30
NO_OBJECTS = ("false", "1", "null", '"text"', "[]", "[1]", "NaN", "1e999", "", "{")
DEEP = ("[" * 900 + "]" * 900, '{"a":' * 900 + "1" + "}" * 900, "[" * 100_000)
VALUES = ('"\\ud800"', '"\\u0000"', HUGE, "-1", "1e999", "NaN", "null", '{"a": 1}', "true", f'"{"x" * 5_000}"')
TEXTS = ("\x00", HUGE, "abc", "2026-01-01T00:00:00+16:00", "-1", "(", "", "9999-12-31", "0001-01-01", "x" * 5_000)
LOOKUPS = {
    "": ("\x00", HUGE, "abc"),
    "__in": ("abc",),
    "__gte": ("2026-01-01T00:00:00+16:00", HUGE),
    "__lt": ("9999-12-31T23:59:59-12:00",),
    "__range": ("1",),
    "__isnull": ("abc",),
    "__regex": ("(",),
    "__year": (HUGE,),
    "__nothing": ("1",),
}
MODELS = {model._meta.label: model for model in admin.site._registry}
SHAPES = ("{}", "[{}]", '{{"x": {}}}')


@pytest.fixture
def site():
    """A superuser's client on a site with a row of each kind; each request is taken back."""
    make_provider("served", "good", requires_key=False)
    make_batch(failed=1)
    make_sample()


@pytest.fixture
def send(admin_client, site):
    admin_client.raise_request_exception = False

    def send(method, path, body="", content_type="application/json", **headers):
        with transaction.atomic():
            response = admin_client.generic(method, path, body, content_type=content_type, **headers)
            transaction.set_rollback(True)
        return response.status_code

    return send


def faults(codes):
    return [entry for entry, code in codes if code >= 500]


@cache
def operations():
    """(method, path, fields of the body, names of the query) of the API, by its own description."""
    described = SchemaGenerator().get_schema(request=None, public=True)
    found = []
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            if re.search(r"/(test|offered|schema)$", path):
                continue
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            schema = described["components"]["schemas"].get(body.get("$ref", "").rpartition("/")[2], {})
            query = [entry["name"] for entry in operation.get("parameters", ()) if entry["in"] == "query"]
            found.append((method.upper(), path, list(schema.get("properties", {})), query))
    return found


def at(path, pk="1"):
    return re.sub(r"{\w+}", "served" if "/providers/" in path else pk, path)


def object_of(fields, value):
    return "{" + ", ".join(f'"{field}": {value}' for field in fields) + "}"


def writing():
    return [entry for entry in operations() if entry[0] in ("POST", "PUT", "PATCH")]


@pytest.mark.parametrize("body", sweep((*NO_OBJECTS, *DEEP), ("null", "[1]", "{", DEEP[-1])))
def test_a_body_that_is_no_object_is_refused(send, body):
    bodies = [(method, at(path), body) for method, path, *_ in writing()]
    assert faults((entry[:2], send(*entry)) for entry in bodies) == []


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("shape", sweep(SHAPES, SHAPES[:1]))
@pytest.mark.parametrize("more", sweep(((), ("\\ud800",)), ((),)))
def test_no_value_of_a_field_is_a_fault(send, value, shape, more):
    bodies = [
        (method, at(path), object_of((*fields, *more), shape.format(value))) for method, path, fields, _ in writing()
    ]
    assert faults((entry, send(*entry)) for entry in bodies) == []


@pytest.mark.parametrize("text", sweep(TEXTS, TEXTS[:4]))
def test_no_value_of_a_filter_is_a_fault(send, text):
    queries = [
        (method, f"{at(path)}?{urlencode({name: text})}")
        for method, path, _, query in operations()
        if method == "GET"
        for name in (*query, "\x00")
    ]
    assert faults((entry, send(*entry)) for entry in queries) == []


IDS = ("0", HUGE, "%00", "%ED%A0%80", "9" * 5_000, "%ff", "_00", "_5F00", "-1", "a" * 3_000)


@pytest.mark.parametrize("pk", sweep(IDS, IDS[:4]))
def test_no_id_in_a_path_is_a_fault(send, admin_client, pk):
    codes = [((method, path), send(method, re.sub(r"{\w+}", pk, path), "{}")) for method, path, *_ in operations()]
    for model in MODELS.values():
        change = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=["x"])
        codes += [
            ((change, page), send("GET", change.replace("/x/change/", f"/{pk}/{page}/")))
            for page in ("change", "delete", "history")
        ]
    assert faults(codes) == []


def kinds_of_fields():
    """One field of each kind there is, by the label of its model."""
    fields = {type(field): (label, field) for label, model in MODELS.items() for field in model._meta.concrete_fields}
    return {label: [field for owner, field in fields.values() if owner == label] for label in MODELS}


@pytest.mark.parametrize("label", MODELS)
def test_no_query_of_a_list_of_the_admin_is_a_fault(send, label):
    assert faults_of_queries(send, MODELS[label], kinds_of_fields()[label], TEXTS[:1]) == []


@pytest.mark.nightly
@pytest.mark.parametrize("label", MODELS)
def test_no_query_for_any_field_of_a_list_of_the_admin_is_a_fault(send, label):
    assert faults_of_queries(send, MODELS[label], MODELS[label]._meta.concrete_fields, TEXTS[:4]) == []


def faults_of_queries(send, model, fields, texts_of_page):
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    of_fields = [
        (f"{field.name}{lookup}", text) for field in fields for lookup, texts in LOOKUPS.items() for text in texts
    ]
    own = [str(getattr(_class_of(entry), "parameter_name", "")) for entry in admin.site._registry[model].list_filter]
    special = ("p", "o", "q", "all", "_to_field", "_changelist_filters", *filter(None, own))
    queries = [*of_fields, *((name, text) for name in special for text in TEXTS[:4])]
    return faults((query, send("GET", f"{url}?{urlencode([query])}")) for query in queries)


def _class_of(entry):
    return entry[1] if isinstance(entry, tuple) else entry


@pytest.mark.parametrize("text", sweep(("abc", HUGE, "\x00", "", "-1", "x" * 5_000), ("abc", HUGE, "\x00")))
def test_no_row_that_an_action_names_is_a_fault(send, rf, admin_user, text):
    codes = []
    for model, model_admin in admin.site._registry.items():
        request = rf.get("/")
        request.user = admin_user
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for name in model_admin.get_actions(request):
            form = urlencode({"action": name, ACTION_CHECKBOX_NAME: text, "index": "0", "note": text, "confirmed": "1"})
            codes.append(((url, name), send("POST", url, form, "application/x-www-form-urlencoded")))
    assert faults(codes) == []


@pytest.mark.parametrize("value", ['"\\000abc"', "x" * 5_000, "\xe9", '"', ";"])
def test_no_cookie_or_header_is_a_fault(value):
    client = Client(raise_request_exception=False)
    codes = []
    for path in ("/admin/", "/api/samples", "/admin/login/"):
        codes += [
            ((path, name), client.get(path, HTTP_COOKIE=f"{name}={value}").status_code)
            for name in ("sessionid", "csrftoken", "messages")
        ]
        codes += [
            ((path, name), client.get(path, **{name: value}).status_code)
            for name in ("HTTP_AUTHORIZATION", "HTTP_ACCEPT", "HTTP_HOST", "HTTP_X_CSRFTOKEN")
        ]
    assert faults(codes) == []


def refusal(client, body):
    response = client.post("/api/batches/estimate", body, "application/json")
    assert response.status_code == 400
    return response.json()["error"]


def test_what_is_nested_too_deeply_is_refused_with_the_limit(admin_client):
    deep = "[" * parsers.DEPTH_MAX + "]" * parsers.DEPTH_MAX
    assert refusal(admin_client, f'{{"topics": {deep}}}')["message"] == parsers.TOO_DEEP


def test_more_values_than_any_request_needs_are_refused_before_they_are_looked_at(admin_client):
    assert refusal(admin_client, {"topics": ["x"] * parsers.VALUES_MAX})["message"] == parsers.TOO_MANY


def test_a_text_that_cannot_be_stored_is_named_by_its_field(admin_client):
    assert list(refusal(admin_client, '{"topics": ["\\ud800"]}')["fields"]) == ["topics"]


def test_an_answer_about_unknown_fields_is_short_however_many_there_are(admin_client):
    error = refusal(admin_client, json.dumps({f"{n:<5000}": n for n in range(400)}))
    assert "There are 400 problems; these are the first 20." in error["message"]
    assert len(json.dumps(error)) < 50_000
