"""Pages of the long lists: ``?limit=50&offset=100``, answered as ``{"<noun>": [...], "count": total}``."""

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.serializer_helpers import ReturnList

DEFAULT_LIMIT = 50
MAX_LIMIT = 500
MAX_OFFSET = 10_000_000


class NamedPagination(BasePagination):
    """Names the list by the view's ``collection``; ``count`` is what the filter matches, whatever the page holds.

    A view that says ``is_whole`` gives its list in one piece.
    """

    collection: str
    is_whole = False

    def serve(self, view: Any) -> None:
        self.collection = view.collection
        self.is_whole = getattr(view, "is_whole", False)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.serve(view)
        if self.is_whole:
            rows = list(queryset)
            self.count = len(rows)
            return rows
        limit = read_number(request, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
        offset = read_number(request, "offset", 0, 0, MAX_OFFSET)
        self.count = queryset.count()
        return list(queryset[offset : offset + limit]) if offset < self.count else []

    def get_paginated_response(self, data: "ReturnList[Any]") -> Response:
        return Response({self.collection: data, "count": self.count})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        properties = {self.collection: schema, "count": {"type": "integer"}}
        return {"type": "object", "required": list(properties), "properties": properties}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        if self.is_whole:
            return []
        return [
            _parameter("limit", {"minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}),
            _parameter("offset", {"minimum": 0, "maximum": MAX_OFFSET, "default": 0}),
        ]


def read_number(request: Request, name: str, default: int, low: int, high: int) -> int:
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 10 and low <= int(text) <= high):
        raise ValidationError({name: [f"Give a whole number from {low} to {high}."]})
    return int(text)


def _parameter(name: str, facts: dict[str, int]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": {"type": "integer", **facts}}
