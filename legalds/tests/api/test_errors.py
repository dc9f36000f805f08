"""The one shape of an error."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db import OperationalError
from django.db.models import ProtectedError
from django.http import Http404
from django.test import Client, RequestFactory
from rest_framework import exceptions
from rest_framework.test import APIClient

from legalds.api.errors import exception_handler, handle_500


class ConflictError(Exception):
    status_code = 409


def answer(exc):
    response = exception_handler(exc, {})
    assert response is not None
    assert set(response.data) == {"error"}
    assert set(response.data["error"]) == {"message", "fields"}
    return response.status_code, response.data["error"]["message"], response.data["error"]["fields"]


@pytest.mark.parametrize(
    ("exc", "expected"),
    [
        (ValidationError("Give more."), (400, "Give more.", {})),
        (ValidationError({"count": "Give more."}), (400, "count: Give more.", {"count": ["Give more."]})),
        (ValidationError({"__all__": ["Twice."]}), (400, "Twice.", {})),
        (exceptions.ValidationError({"a": ["No."]}), (400, "a: No.", {"a": ["No."]})),
        (exceptions.ValidationError({"a": {"0": ["No."]}}), (400, "a.0: No.", {"a.0": ["No."]})),
        (exceptions.ValidationError({"non_field_errors": ["No."]}), (400, "No.", {})),
        (exceptions.NotFound("There is none."), (404, "There is none.", {})),
        (Http404("There is none."), (404, "There is none.", {})),
        (ConflictError("It has ended. Start another one."), (409, "It has ended. Start another one.", {})),
    ],
)
def test_an_exception_becomes_the_shape(exc, expected):
    assert answer(exc) == expected


@pytest.mark.parametrize(
    ("exc", "code"),
    [
        (PermissionDenied(), 403),
        (ProtectedError("rows", set()), 409),
        (RequestDataTooBig(), 413),
        (exceptions.UnsupportedMediaType("text/plain"), 415),
        (OperationalError("host=secret.example"), 503),
    ],
)
def test_an_exception_has_its_status_and_tells_nothing_else(exc, code):
    status, message, fields = answer(exc)

    assert (status, fields) == (code, {})
    assert message
    assert "secret" not in message


def test_every_field_at_fault_is_in_the_sentence():
    _, message, fields = answer(ValidationError({"a": ["One."], "b": ["Two.", "Three."]}))

    assert message == "a: One. b: Two. Three."
    assert fields == {"a": ["One."], "b": ["Two.", "Three."]}


@pytest.mark.parametrize("exc", [RuntimeError("bug"), KeyError("bug")])
def test_a_bug_stays_a_bug(exc):
    assert exception_handler(exc, {}) is None


def test_a_bug_under_the_api_has_the_shape_and_no_details():
    response = handle_500(RequestFactory().get("/api/samples"))

    assert response.status_code == 500
    assert response.headers["Content-Type"] == "application/json"
    assert b"its log has the details" in response.content


def test_a_bug_elsewhere_is_the_usual_page():
    assert handle_500(RequestFactory().get("/admin/")).headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nothing", "/api/nothing/at/all"])
def test_a_path_that_is_none_has_the_shape(path):
    response = Client().get(path)

    assert response.status_code == 404
    assert response.json()["error"]["message"] == f"The API has no path {path}. docs/api.md lists them."


def test_a_trailing_slash_is_named_as_the_fault():
    assert Client().get("/api/topics/").json()["error"]["message"].endswith("Paths of the API have no trailing slash.")


@pytest.mark.parametrize("body", ["{", "{'a': 1}", '{"a": NaN}', b"\xff", "[" * 100_000])
@pytest.mark.django_db
def test_a_body_that_is_no_json_is_refused(admin_user, body):
    client = APIClient()
    client.force_authenticate(admin_user)

    response = client.generic("POST", "/api/providers", body, content_type="application/json")

    assert response.status_code == 400
    message = response.json()["error"]["message"]
    assert "nested too deeply" in message or message.startswith("The body is not JSON (")
    assert "nested too deeply" in message or message.endswith("). Send a JSON object, such as {}.")


@pytest.mark.django_db
def test_a_form_is_refused_with_the_remedy():
    client = APIClient()
    client.force_authenticate(User.objects.create_superuser("root"))

    response = client.generic("POST", "/api/providers", "id=x", content_type="application/x-www-form-urlencoded")

    assert response.status_code == 415
    assert "Content-Type: application/json" in response.json()["error"]["message"]
