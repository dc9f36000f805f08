"""The failed items on a batch's page: found by kind and words, with what the models said, as a file."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from generation.failed import KINDS, Wanted, failed_items, kinds, last_attempts, told_all, with_kind
from generation.models import Batch, Item

PER_PAGE = 20
WORDS_MAX = 200


class FailedItems:
    """For the ModelAdmin of batches, whose pages and permissions it uses."""

    admin_site: Any
    has_change_permission: Any
    batch_or_404: Callable[[HttpRequest, int], Batch]

    def failed_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/failed/", wrap(self.failed_view), name="generation_batch_failed"),
            path("<int:pk>/failed/export/", wrap(self.failed_export_view), name="generation_batch_failed_export"),
            path("<int:pk>/items/<int:number>/attempts/", wrap(self.attempts_view), name="generation_batch_attempts"),
        ]

    def failed_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch_or_404(request, pk)
        return TemplateResponse(request, "generation/admin/failed.html", self.failed_context(request, batch))

    def failed_context(self, request: HttpRequest, batch: Batch) -> dict[str, Any]:
        """Four queries, and none where nothing failed."""
        wanted = wanted_by(request)
        if not batch.failed:
            return {"batch": batch, "failed_page": None}
        page = Paginator(with_kind(failed_items(batch, wanted)), PER_PAGE).get_page(request.GET.get("p"))
        items = list(page.object_list)
        for item in items:
            item.kind_name = KINDS.get(item.last_outcome, "") if item.last_outcome else KINDS["no_call"]
        return {
            "batch": batch,
            "failed_page": page,
            "failed_items": items,
            "wanted": wanted,
            "kinds": kinds(batch),
            "may_retry_items": self.has_change_permission(request, batch)
            and batch.status != "stopped"
            and not batch.is_at_cap,
        }

    def attempts_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        batch = self.batch_or_404(request, pk)
        item = Item.objects.filter(batch=batch, number=number).first()
        if item is None:
            raise Http404
        context = {"item": item, "attempts": last_attempts(item)}
        return TemplateResponse(request, "generation/admin/attempts.html", context)

    def failed_export_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """JSON lines: each failed item of the filter, with its last call."""
        batch = self.batch_or_404(request, pk)
        lines = json_lines(batch, wanted_by(request))
        response = StreamingHttpResponse(lines, content_type="application/x-ndjson; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="batch-{pk}-failed.jsonl"'
        return response


def wanted_by(request: HttpRequest) -> Wanted:
    kind = request.GET.get("kind", "")
    return Wanted(kind if kind in KINDS else "", request.GET.get("q", "").replace("\0", "").strip()[:WORDS_MAX])


def json_lines(batch: Batch, wanted: Wanted) -> Iterator[str]:
    for failure in told_all(failed_items(batch, wanted)):
        yield json.dumps(failure, ensure_ascii=False) + "\n"
