"""The failed items of a batch, with what was answered for each, and what to do about them."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse

from generation.choices import OK_OUTCOME
from generation.models import OUTCOMES, Attempt, Batch, Item

PER_PAGE = 50
ATTEMPTS_SHOWN = 20


def failed_page(request: HttpRequest, batch: Batch, context: dict[str, Any]) -> HttpResponse:
    words = request.GET.get("why", "").replace("\x00", "").strip()
    page = Paginator(Item.objects.failed_of(batch, words), PER_PAGE).get_page(request.GET.get("p"))
    kinds = [(kind, name) for kind, name in OUTCOMES if kind != OK_OUTCOME]
    return TemplateResponse(
        request, "generation/admin/failed.html", {**context, "page": page, "words": words, "kinds": kinds}
    )


def item_calls(request: HttpRequest, item: Item) -> HttpResponse:
    """The calls that were made for one item, the newest first, with what was answered where it was not accepted."""
    calls = Attempt.objects.filter(item=item).order_by("-pk")[:ATTEMPTS_SHOWN]
    return TemplateResponse(request, "generation/admin/calls.html", {"item": item, "calls": calls})


def export_failed(batch: Batch) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_lines(batch), content_type="application/x-ndjson; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="batch-{batch.pk}-failed.jsonl"'
    return response


def _lines(batch: Batch) -> Iterator[str]:
    for item in Item.objects.failed_of(batch).iterator(chunk_size=500):
        facts = {
            name: getattr(item, name)
            for name in ("number", "jurisdiction", "practice_area", "topic", "difficulty", "sample_type", "failure")
        }
        yield json.dumps(facts, ensure_ascii=False) + "\n"
