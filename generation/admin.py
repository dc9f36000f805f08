"""Batches in the admin: start one, watch it, stop, resume, retry. Writes go through ``generation.actions``."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin as UnfoldModelAdmin
from unfold.decorators import display
from unfold.forms import AdminForm

from generation import actions, summary
from generation.choices import ACTIVE, BatchStatus, ItemStatus
from generation.engine.caps import amount
from generation.forms import CapsForm, OrderForm
from generation.models import Attempt, Batch, Item

LAST_ATTEMPTS = 15
FAILED_SHOWN = 50
STATUS_VARIANTS: Mapping[str, str] = {
    BatchStatus.PENDING: "info",
    BatchStatus.RUNNING: "primary",
    BatchStatus.PAUSED: "warning",
    BatchStatus.COMPLETED: "success",
    BatchStatus.COMPLETED_WITH_FAILURES: "warning",
    BatchStatus.FAILED: "danger",
}
ORDER_FIELDSETS = (
    (None, {"fields": (("count", "confirmed"),)}),
    ("Who makes them", {"fields": (("provider", "model"), "when_full")}),
    ("The mix", {"fields": (("jurisdictions", "difficulties"), "topics", "sample_types")}),
    ("Prompt", {"fields": ("instruction",)}),
    ("What it may spend", {"fields": (("token_cap", "cost_cap"),)}),
)


@admin.register(Batch)
class BatchAdmin(UnfoldModelAdmin):  # type: ignore[misc]
    list_display = ("shown_name", "shown_status", "progress", "route", "attempts", "switches", "created_at")
    list_display_links = ("shown_name",)
    list_filter = ("status",)
    list_fullwidth = True
    list_per_page = 50
    add_form_template = "generation/admin/start.html"
    actions = None

    # --- columns ---------------------------------------------------------
    @display(description="Batch", ordering="id")
    def shown_name(self, batch: Batch) -> str:
        return f"Batch {batch.pk}"

    @display(description="Status", ordering="status")
    def shown_status(self, batch: Batch) -> SafeString:
        return render_to_string("generation/admin/status.html", status_context(batch))

    @display(description="Progress")
    def progress(self, batch: Batch) -> SafeString:
        return render_to_string("generation/admin/bar.html", {"batch": batch, **shares(batch)})

    @display(description="Asked for", ordering="provider")
    def route(self, batch: Batch) -> str:
        return " / ".join(part for part in (batch.provider, batch.model) if part) or "automatic"

    # --- permissions: rows come from orders, and their numbers from workers
    def has_delete_permission(self, request: HttpRequest, obj: Batch | None = None) -> bool:
        return False

    # --- pages -----------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/live/", wrap(self.live_view), name="generation_batch_live"),
            path(
                "<int:pk>/stop/",
                wrap(self.deed(lambda _, pk: actions.stop_batch(pk), "stopped")),
                name="generation_batch_stop",
            ),
            path("<int:pk>/resume/", wrap(self.deed(resume, "going on")), name="generation_batch_resume"),
            path(
                "<int:pk>/retry/",
                wrap(self.deed(lambda _, pk: actions.retry_failed(pk), "trying its failed items again")),
                name="generation_batch_retry",
            ),
        ]
        return own + list(super().get_urls())

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
            **self._deeds_allowed(request, batch),
            "caps": CapsForm.of(batch),
            **live_context(batch),
        }
        return TemplateResponse(request, "generation/admin/batch.html", context)

    def live_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The part that changes while a batch runs. Where the status has moved on, the page is loaded anew."""
        batch = self._batch(request, pk)
        response = TemplateResponse(request, "generation/admin/live.html", live_context(batch))
        if request.GET.get("status") != batch.status:
            response["HX-Refresh"] = "true"
        return response

    def deed(
        self, action: Callable[[HttpRequest, int], Batch], words: str
    ) -> Callable[[HttpRequest, int], HttpResponse]:
        @require_POST
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            batch = self._batch(request, pk)
            if not self.has_change_permission(request, batch):
                raise PermissionDenied
            try:
                action(request, pk)
            except actions.BatchConflict as conflict:
                messages.error(request, conflict.message)
            except ValidationError as refusal:
                messages.error(request, " ".join(refusal.messages))
            else:
                self.log_change(request, batch, f"Batch {pk} is {words}.")
                messages.success(request, f"Batch {pk} is {words}.")
            return HttpResponseRedirect(reverse("admin:generation_batch_change", args=[pk]))

        return view

    def _batch(self, request: HttpRequest, pk: int) -> Batch:
        batch: Batch | None = self.get_object(request, str(pk))
        if batch is None:
            raise Http404
        if not self.has_view_or_change_permission(request, batch):
            raise PermissionDenied
        return batch

    def _deeds_allowed(self, request: HttpRequest, batch: Batch) -> dict[str, bool]:
        may_change = self.has_change_permission(request, batch)
        return {
            "may_stop": may_change and batch.status in ACTIVE,
            "may_resume": may_change and batch.status in (BatchStatus.STOPPED, BatchStatus.PAUSED),
            "may_retry": may_change and batch.failed > 0 and batch.status != BatchStatus.STOPPED,
        }


def resume(request: HttpRequest, pk: int) -> Batch:
    """Go on, under the caps that were sent with it, if any."""
    form = CapsForm(request.POST)
    if not form.is_valid():
        raise ValidationError(
            [f"{form[name].label}: {' '.join(problems)}" for name, problems in form.errors.items()]  # type: ignore[arg-type]
        )
    return actions.resume_batch(pk, form.change)


def status_context(batch: Batch) -> dict[str, Any]:
    return {"batch": batch, "variant": STATUS_VARIANTS.get(batch.status, "")}


def shares(batch: Batch) -> dict[str, float]:
    """Done and failed in percent of what was asked for, for the bar."""
    return {"done_share": 100 * batch.generated / batch.count, "failed_share": 100 * batch.failed / batch.count}


def live_context(batch: Batch) -> dict[str, Any]:
    """Four queries at most, however many items the batch has."""
    failed = Item.objects.filter(batch=batch, status=ItemStatus.FAILED).order_by("number")
    routes = summary.routes(batch)
    return {
        **status_context(batch),
        **shares(batch),
        "is_active": batch.status in ACTIVE,
        "cost": amount(batch.cost),
        "cost_cap": amount(batch.cost_cap) if batch.cost_cap is not None else None,
        "has_unpriced": any(route.cost is None for route in routes),
        "routes": routes,
        "last_attempts": Attempt.objects.filter(batch=batch).select_related("item").order_by("-pk")[:LAST_ATTEMPTS],
        "failed_items": failed[:FAILED_SHOWN] if batch.failed else (),
        "failed_unseen": max(0, batch.failed - FAILED_SHOWN),
    }
