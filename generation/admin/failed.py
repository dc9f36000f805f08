"""The failed items of a batch, with what was answered for each, and what to do about them."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse

from generation.models import Attempt, Batch, Item
from generation.selectors.failed_items import KINDS, all_failures, failed_items, kinds_of, with_last_calls

PER_PAGE = 50
ATTEMPTS_SHOWN = 20
WORDS_MAX = 200
ASKED = ("why", "kind", "rule")
EXPORTED = ("number", "jurisdiction", "practice_area", "topic", "difficulty", "sample_type", "failure")
OF_LAST_CALL = ("provider", "model", "detail", "answer")


def failed_page(request: HttpRequest, batch: Batch, context: dict[str, Any]) -> HttpResponse:
    words, kind, rule = wanted(request)
    page = Paginator(failed_items(batch, words, kind, rule), PER_PAGE).get_page(request.GET.get("p"))
    found = {
        "page": page,
        "failures": with_last_calls(page.object_list),
        "words": words,
        "kind": kind,
        "rule": rule,
        "kind_name": KINDS.get(kind, ""),
        "kinds": kinds_of(batch) if batch.failed else (),
        "query": urlencode({name: value for name, value in zip(ASKED, (words, kind, rule), strict=True) if value}),
    }
    return TemplateResponse(request, "generation/admin/failed.html", {**context, **found})


def wanted(request: HttpRequest) -> tuple[str, str, str]:
    """The words, the kind and the broken rule that are asked for; a kind that is none asks for nothing. A rule may
    be written as the report of a batch shows it ("Too short")."""
    words, kind, rule = (request.GET.get(name, "").replace("\x00", "").strip()[:WORDS_MAX] for name in ASKED)
    return words, kind if kind in KINDS else "", rule.lower().replace(" ", "_")


def item_calls(request: HttpRequest, item: Item) -> HttpResponse:
    """The calls that were made for one item, the newest first, with what was answered where it was not accepted."""
    calls = Attempt.objects.filter(item=item).order_by("-pk")[:ATTEMPTS_SHOWN]
    return TemplateResponse(request, "generation/admin/calls.html", {"item": item, "calls": calls})


def export_failed(request: HttpRequest, batch: Batch) -> StreamingHttpResponse:
    """JSON lines: each failed item of the filter with its last call."""
    response = StreamingHttpResponse(
        _lines(batch, *wanted(request)), content_type="application/x-ndjson; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="batch-{batch.pk}-failed.jsonl"'
    return response


def _lines(batch: Batch, words: str, kind: str, rule: str) -> Iterator[str]:
    for failure in all_failures(failed_items(batch, words, kind, rule)):
        facts = {name: getattr(failure.item, name) for name in EXPORTED}
        last = {name: getattr(failure.last, name) if failure.last else "" for name in OF_LAST_CALL}
        yield json.dumps({**facts, "kind": failure.kind, "last_call": last}, ensure_ascii=False) + "\n"
