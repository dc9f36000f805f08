"""The list of batches, the form that starts one, and the page on which one is watched."""

import hashlib
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin as UnfoldModelAdmin
from unfold.decorators import display
from unfold.forms import AdminForm

from generation import actions
from generation.admin.deeds import Deeds
from generation.admin.failed import FailedItems
from generation.admin.filters import DateFilter, ProviderFilter, WhoFilter
from generation.admin.listing import cells, row_contexts
from generation.admin.live import deeds_context, live_context
from generation.admin.news import news_view
from generation.forms import OrderForm
from generation.models import Batch

ROWS_MAX = 50
ORDER_FIELDSETS = (
    (None, {"fields": (("count", "confirmed"),)}),
    ("Who makes them", {"fields": (("provider", "model"), "when_full")}),
    ("The mix", {"fields": (("jurisdictions", "difficulties"), "topics", "sample_types")}),
    ("Prompt", {"fields": ("instruction",)}),
    ("What it may spend", {"fields": (("token_cap", "cost_cap"),)}),
)


@admin.register(Batch)
class BatchAdmin(Deeds, FailedItems, UnfoldModelAdmin):  # type: ignore[misc]
    list_display = ("shown_name", "shown_status", "shown_progress", "shown_pace", "shown_cost", "route", "ordered")
    list_display_links = ("shown_name",)
    list_filter = ("status", ProviderFilter, WhoFilter, DateFilter)
    list_filter_sheet = True
    list_before_template = "generation/admin/list_live.html"
    list_fullwidth = True
    list_per_page = 50
    list_select_related = ("created_by",)
    search_fields = ("instruction",)
    search_help_text = "A batch's number, or words of its instruction"
    show_full_result_count = False
    add_form_template = "generation/admin/start.html"
    actions = None

    class Media:
        css = {"all": ("generation/batches.css",)}
        js = ("generation/batch.js",)

    # --- columns ---------------------------------------------------------
    @display(description="Batch", ordering="id")
    def shown_name(self, batch: Batch) -> str:
        return f"Batch {batch.pk}"

    @display(description="Status", ordering="status")
    def shown_status(self, batch: Batch) -> SafeString:
        return cells.status(batch)

    @display(description="Progress")
    def shown_progress(self, batch: Batch) -> SafeString:
        return cells.progress(batch)

    @display(description="Pace")
    def shown_pace(self, batch: Batch) -> SafeString:
        return cells.pace(batch)

    @display(description="Cost", ordering="cost")
    def shown_cost(self, batch: Batch) -> SafeString:
        return cells.cost(batch)

    @display(description="Asked for", ordering="provider")
    def route(self, batch: Batch) -> str:
        return " / ".join(part for part in (batch.provider, batch.model) if part) or "automatic"

    @display(description="Ordered", ordering="created_at")
    def ordered(self, batch: Batch) -> SafeString:
        return render_to_string("generation/admin/ordered.html", {"batch": batch})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Batch], search_term: str
    ) -> tuple[QuerySet[Batch], bool]:
        """A number is that of a batch; "batch 12" too."""
        number = search_term.lower().removeprefix("batch").strip()
        if number.isascii() and number.isdecimal() and len(number) < 19:
            return queryset.filter(pk=int(number)), False
        found: tuple[QuerySet[Batch], bool] = super().get_search_results(request, queryset, search_term)
        return found

    # --- permissions: rows come from orders, and their numbers from workers
    def has_delete_permission(self, request: HttpRequest, obj: Batch | None = None) -> bool:
        return False

    # --- pages -----------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("news/", wrap(news_view), name="generation_batch_news"),
            path("rows/", wrap(self.rows_view), name="generation_batch_rows"),
            path("<int:pk>/live/", wrap(self.live_view), name="generation_batch_live"),
            *self.deed_urls(),
            *self.failed_urls(),
        ]
        return own + list(super().get_urls())

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        response: HttpResponse = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None) or {}
        if "cl" in context:
            context |= row_contexts(list(context["cl"].result_list))
            context["is_empty"] = not context["cl"].result_list and not Batch.objects.exists()
        return response

    def rows_view(self, request: HttpRequest) -> HttpResponse:
        """What has changed in the rows of a list, for those that were running when they were shown."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        pks = [
            int(pk) for pk in request.GET.getlist("pk")[:ROWS_MAX] if pk.isascii() and pk.isdecimal() and len(pk) < 19
        ]
        batches = list(self.get_queryset(request).filter(pk__in=pks).order_by("-pk"))
        return TemplateResponse(request, "generation/admin/rows.html", row_contexts(batches))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The order form. The action writes the batch, or says at which field the order is wrong."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = OrderForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                batch = actions.start_batch(form.order, request.user)  # type: ignore[arg-type]
            except ValidationError as refusal:
                form.take(refusal)
            else:
                self.log_addition(request, batch, f"Started with {batch.count} samples.")
                messages.success(request, f"Batch {batch.pk} is started.")
                return HttpResponseRedirect(reverse("admin:generation_batch_change", args=[batch.pk]))
        return self._order_page(request, form, form_url)

    def _order_page(self, request: HttpRequest, form: OrderForm, form_url: str) -> HttpResponse:
        adminform = AdminForm(form, ORDER_FIELDSETS, {}, (), model_admin=self)
        context = {
            **self.admin_site.each_context(request),
            "title": "Start a batch",
            "subtitle": None,
            "adminform": adminform,
            "errors": form.errors,
            "media": self.media + adminform.media,
            "object_id": None,
            "original": None,
            "is_popup": False,
            "to_field": None,
            "inline_admin_formsets": [],
            "preserved_filters": self.get_preserved_filters(request),
        }
        response: HttpResponse = self.render_change_form(request, context, add=True, form_url=form_url)
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        batch = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, batch):
            raise PermissionDenied
        if batch is None:
            response: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return response
        context = {
            **self.admin_site.each_context(request),
            "title": f"Batch {batch.pk}",
            "opts": self.opts,
            "media": self.media,
            "original": batch,
            **self.refreshed(request, batch),
            **self.failed_context(request, batch),
        }
        return TemplateResponse(request, "generation/admin/batch.html", context)

    def live_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The part that changes while a batch runs; with the buttons where the status has moved on.

        204 where it would look as it does already: what has the focus, or is selected, stays so.
        """
        batch = self.batch_or_404(request, pk)
        before = request.GET.get("status")
        context = self.refreshed(request, batch)
        if before == batch.status and request.GET.get("mark") == context["mark"]:
            return HttpResponse(status=204)
        has_moved = before != batch.status
        said = f"Batch {batch.pk} is {batch.get_status_display().lower()}." if has_moved else ""
        context |= {"said": said, "is_whole": has_moved}
        return TemplateResponse(request, "generation/admin/refreshed.html", context)

    def refreshed(self, request: HttpRequest, batch: Batch) -> dict[str, Any]:
        """What changes by itself, with a mark of how it looks; and the buttons."""
        may_change, may_add = self.has_change_permission(request, batch), self.has_add_permission(request)
        context = {
            **live_context(batch),
            **deeds_context(batch, request, may_change=may_change, may_add=may_add),
        }
        body = render_to_string("generation/admin/live_body.html", context, request)
        mark = hashlib.sha256(body.encode()).hexdigest()[:16]
        return {**context, "body": body, "mark": mark}

    def batch_or_404(self, request: HttpRequest, pk: int) -> Batch:
        batch: Batch | None = self.get_object(request, str(pk))
        if batch is None:
            raise Http404
        if not self.has_view_or_change_permission(request, batch):
            raise PermissionDenied
        return batch
