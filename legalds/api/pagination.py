"""Pages of the long lists: ``?limit=50&offset=100``, answered as ``{"<noun>": [...], "count": total}``.

Lists with the newest first take ``?before=<id>`` too, which costs the same however deep the page lies.
"""

import json
from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.serializer_helpers import ReturnList

DEFAULT_LIMIT = 50
MAX_LIMIT = 500
MAX_OFFSET = 10_000_000
MAX_ID = 2**63 - 1
COUNTED_MAX = 5_000
ESTIMATE = "X-Count-Estimated"
"""The header that says that ``count`` is what the database expects."""


class NamedPagination(BasePagination):
    """Names the list by the view's ``collection``; ``count`` is what the filter matches, whatever the page holds.

    Beyond COUNTED_MAX rows it is an estimate, and a header says so: to count what a search finds, every text is read.
    A view that says ``is_whole`` gives its list in one piece; one with ``newest_first`` has ids that fall.
    """

    collection: str
    is_whole = False
    newest_first = False
    is_estimated = False

    def serve(self, view: Any) -> None:
        self.collection = view.collection
        self.is_whole = getattr(view, "is_whole", False)
        self.newest_first = getattr(view, "newest_first", False)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.serve(view)
        if self.is_whole:
            rows = list(queryset)
            self.count = len(rows)
            return rows
        limit = read_number(request, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
        offset = read_number(request, "offset", 0, 0, MAX_OFFSET)
        before = read_number(request, "before", MAX_ID, 1, MAX_ID) if self.newest_first else MAX_ID
        self.count = queryset.order_by()[: COUNTED_MAX + 1].count()
        self.is_estimated = self.count > COUNTED_MAX
        if self.is_estimated:
            self.count = max(self.count, expected(queryset))
        elif offset >= self.count:
            return []
        if before != MAX_ID:
            queryset = queryset.filter(pk__lt=before)
        return list(queryset[offset : offset + limit])

    def get_paginated_response(self, data: "ReturnList[Any]") -> Response:
        headers = {ESTIMATE: "true"} if self.is_estimated else None
        return Response({self.collection: data, "count": self.count}, headers=headers)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        properties = {self.collection: schema, "count": {"type": "integer"}}
        return {"type": "object", "required": list(properties), "properties": properties}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        if self.is_whole:
            return []
        before = [_parameter("before", {"minimum": 1, "maximum": MAX_ID})] if self.newest_first else []
        return [
            *before,
            _parameter("limit", {"minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}),
            _parameter("offset", {"minimum": 0, "maximum": MAX_OFFSET, "default": 0}),
        ]


def expected(queryset: QuerySet[Any]) -> int:
    """How many rows the database's planner expects."""
    (plan,) = json.loads(queryset.order_by().explain(format="json"))
    return int(plan["Plan"]["Plan Rows"])


def read_number(request: Request, name: str, default: int, low: int, high: int) -> int:
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 20 and low <= int(text) <= high):
        raise ValidationError({name: [f"Give a whole number from {low} to {high}."]})
    return int(text)


def _parameter(name: str, facts: dict[str, int]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": {"type": "integer", **facts}}
