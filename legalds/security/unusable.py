"""Requests that no view can work on, and queries that the database refuses or stops: answered, not faults of ours."""

from collections.abc import Callable, Iterator

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render

from legalds.api.errors import Fields, Known, cut, error_body, known_trouble

LIST_FILTERS = "_changelist_filters"  # the admin's own name
LOOKUPS = frozenset({"exact", "in", "isnull", "gt", "gte", "lt", "lte"})
NO_ROWS = "A ticked row is none of this list. Reload the list, and tick again."
NUL = "It holds a NUL character (%00). Remove it."


class UnusableMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if any("\x00" in text for text in (request.path, *request.COOKIES.values())):
            return refusal(request, Known(400, NUL))
        names = [name for name, values in request.GET.lists() if "\x00" in "".join([name, *map(str, values)])]
        if names and is_api(request):
            return refusal(request, Known(400, f"{names[0]}: {NUL}"), {name: [NUL] for name in names})
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Lists of the admin take any lookup of a field, and any text for a row that is ticked."""
        if is_api(request):
            return None
        if strange := [name for name in _filters(request) if not _is_filter(name)]:
            return refusal(request, Known(400, f"No list has the filter '{cut(strange[0], 60)}'."))
        return None if _are_rows(request) else refusal(request, Known(400, NO_ROWS))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        trouble = known_trouble(exception)
        return refusal(request, trouble) if trouble else None


def refusal(request: HttpRequest, known: Known, fields: Fields | None = None) -> HttpResponse:
    if is_api(request):
        return JsonResponse(error_body(known.message, fields), status=known.status_code)
    return render(request, "legalds/unusable.html", {"message": known.message}, status=known.status_code)


def handle_400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's ``handler400``."""
    return refusal(request, Known(400, "This request cannot be read. Check its address, its headers and its form."))


def _filters(request: HttpRequest) -> Iterator[str]:
    """Names in the address, and in the address of the list that the person came from."""
    yield from request.GET
    for query in (request.GET, request.POST):
        yield from QueryDict(query.get(LIST_FILTERS, ""))


def _is_filter(name: str) -> bool:
    _, separator, lookup = name.rpartition("__")
    return not separator or lookup in LOOKUPS


def _are_rows(request: HttpRequest) -> bool:
    """Whether the ticked rows of a list can be keys of it at all."""
    page = request.resolver_match.url_name if request.resolver_match else None
    ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
    kinds = [
        model for model in admin.site._registry if page == f"{model._meta.label_lower.replace('.', '_')}_changelist"
    ]
    try:
        return all(kind._meta.pk.to_python(key) is not None for kind in kinds for key in ticked)
    except ValidationError:
        return False


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
