"""The one shape of an API error: ``{"error": {"message": "...", "fields": {"<field>": ["..."]}}}``.

Apps raise what is natural to them. Django's ValidationError, Http404 and PermissionDenied, DRF's own exceptions, and
any exception with a ``status_code`` become an answer here; all else is a bug and a traceback.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db import DataError
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.defaults import server_error
from rest_framework import exceptions, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, set_rollback

from legalds.running.database import STATEMENT_S, is_stopped
from providers.database import drop_connection, is_passing

logger = logging.getLogger(__name__)

Fields = dict[str, list[str]]
# What an error repeats of a request is bounded, whatever was sent.
PROBLEMS_MAX, NAME_MAX, MESSAGE_MAX = 20, 100, 2_000
NO_FIELD = {NON_FIELD_ERRORS, "non_field_errors", "detail"}


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook. None leaves the exception to Django: a 500 and a traceback in the log."""
    if is_passing(exc) and not is_stopped(exc):
        logger.error("the database did not answer", exc_info=exc)
        drop_connection()
    if isinstance(exc, Http404):
        exc = exceptions.NotFound(*exc.args)
    if isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied(*exc.args)
    if isinstance(exc, exceptions.APIException):
        return _respond(exc.status_code, _api_body(exc, context), _headers(exc))
    if isinstance(exc, ValidationError):
        return _respond(status.HTTP_400_BAD_REQUEST, _validation_body(_messages(exc)))
    known = _known(exc)
    return _respond(known.status_code, error_body(known.message)) if known else None


@dataclass(frozen=True, slots=True)
class Known:
    status_code: int
    message: str


def _known(exc: Exception) -> Known | None:
    if trouble := known_trouble(exc):
        return trouble
    if is_passing(exc):
        return NO_DATABASE
    for kind, answer in KNOWN.items():
        if isinstance(exc, kind):
            return answer
    code = getattr(exc, "status_code", None)
    if isinstance(code, int) and 400 <= code < 500:
        return Known(code, str(exc))
    return None


def known_trouble(exc: Exception) -> Known | None:
    """What is to be said where the database refused or stopped what was asked, on any page."""
    if is_stopped(exc):
        return TOO_SLOW
    if isinstance(exc, DataError):
        logger.warning("the database refused a value (%s)", getattr(exc.__cause__, "sqlstate", None))
        return NO_SUCH_VALUE
    return None


TOO_SLOW = Known(
    503,
    f"This took over {STATEMENT_S:g} seconds and was stopped. Narrow the search or the filters, or ask for less.",
)
NO_SUCH_VALUE = Known(
    400,
    "A value is none that the database can look up or store, such as a number too large or a broken pattern. Check it.",
)
NO_DATABASE = Known(503, "The database does not answer now. Try again in a moment.")
KNOWN: Mapping[type[Exception], Known] = {
    RequestDataTooBig: Known(413, "The body is too large. Send less at a time."),
    SuspiciousOperation: Known(400, "This request cannot be read. Check its address and its headers."),
    ProtectedError: Known(409, "Other rows still refer to this one. Delete them first."),
}


def error_body(message: str, fields: Fields | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "fields": fields or {}}}


def _respond(code: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    set_rollback()
    return Response(body, status=code, headers=headers)


def _messages(exc: ValidationError) -> Any:
    return exc.message_dict if hasattr(exc, "error_dict") else exc.messages


def _api_body(exc: exceptions.APIException, context: Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(exc, exceptions.ValidationError):
        return _validation_body(exc.detail)
    if isinstance(exc, exceptions.UnsupportedMediaType):
        return error_body("Send the body as JSON, with the header Content-Type: application/json.")
    if isinstance(exc, exceptions.MethodNotAllowed):
        return error_body(f"{exc.detail} Use: {', '.join(_methods(context['view']))}.")
    return error_body(" ".join(message for _, message in _flatten(exc.detail, "")))


def _methods(view: APIView) -> list[str]:
    return [method for method in view.allowed_methods if method not in ("HEAD", "OPTIONS")]


def _validation_body(detail: Any) -> dict[str, Any]:
    fields: Fields = {}
    general = []
    problems = list(_flatten(detail, ""))
    for name, message in problems[:PROBLEMS_MAX]:
        if name:
            fields.setdefault(name, []).append(message)
        else:
            general.append(message)
    if len(problems) > PROBLEMS_MAX:
        general.insert(0, f"There are {len(problems):,} problems; these are the first {PROBLEMS_MAX}.")
    named = [f"{name}: {' '.join(messages)}" for name, messages in fields.items()]
    return error_body(" ".join([*general, *named]), fields)


def _flatten(detail: Any, name: str) -> Iterator[tuple[str, str]]:
    """(field, message) pairs of a nested error detail, nested names joined by dots: ``topics.0``."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            yield from _flatten(value, name if key in NO_FIELD else f"{name}.{key}".lstrip("."))
    elif isinstance(detail, list | tuple):
        for value in detail:
            yield from _flatten(value, name)
    else:
        yield cut(name, NAME_MAX), cut(str(detail), MESSAGE_MAX)


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def _headers(exc: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if auth_header := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


class UnknownPath(APIView):
    """What answers for every path under /api/ that is none."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        is_slashed = request.path.endswith("/") and request.path != "/api/"
        hint = "Paths of the API have no trailing slash." if is_slashed else "docs/api.md lists them."
        raise exceptions.NotFound(f"The API has no path {request.path}. {hint}")


def handle_500(request: HttpRequest) -> HttpResponse:
    """Django's ``handler500``: the API's shape under /api/, the usual page elsewhere."""
    if not request.path.startswith("/api/"):
        return server_error(request)
    body = error_body("Something went wrong on the server; its log has the details.")
    return JsonResponse(body, status=status.HTTP_500_INTERNAL_SERVER_ERROR)
