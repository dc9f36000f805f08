"""The pages of batches: their list, one of them at work, and what a person may do with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin as UnfoldModelAdmin
from unfold.decorators import display
from unfold.views import ChangeList

from generation import actions
from generation.actions.batch_forecasts import forecast_batches
from generation.admin.cap_form import CapsForm
from generation.admin.failed import export_failed, failed_page, item_calls
from generation.admin.limits_panel import limits_live
from generation.admin.live import live_context, status_context
from generation.admin.news import news
from generation.admin.start import StartsBatches
from generation.choices import ACTIVE, BatchStatus
from generation.models import Batch, Item
from generation.selectors.authorities import authority_use
from generation.selectors.obstacles import prospects_of
from generation.selectors.progress import pace_of
from generation.selectors.recent_calls import accepted_per_minute
from providers.routing.limits.urgency import URGENCIES


class BatchList(ChangeList):  # type: ignore[misc]
    """A page of batches, the running ones with their pace, the active ones with their end: looked up at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: list[Any] = list(self.result_list)
        running = [batch.pk for batch in self.result_list if batch.status == BatchStatus.RUNNING]
        per_minute = accepted_per_minute(running) if running else {}
        forecasts = forecast_batches() if any(batch.status in ACTIVE for batch in self.result_list) else {}
        for batch in self.result_list:
            batch.pace = pace_of(batch, per_minute.get(batch.pk))
            batch.forecast = forecasts.get(batch.pk)
        self.is_active = any(batch.status in ACTIVE for batch in self.result_list)


@admin.register(Batch)
class BatchAdmin(StartsBatches, UnfoldModelAdmin):  # type: ignore[misc]
    list_display = ("shown_name", "shown_status", "progress", "route", "shown_cost", "ordered")
    list_display_links = ("shown_name",)
    list_filter = ("status", "provider", ("created_by", admin.RelatedOnlyFieldListFilter), "created_at")
    list_filter_sheet = True
    list_before_template = "generation/admin/toolbar.html"
    list_fullwidth = True
    list_select_related = ("created_by",)
    search_fields = ("=id", "instruction", "model")
    search_help_text = "A batch's number, its model, or words of its instruction"
    sortable_by = ("shown_name", "shown_status")
    list_per_page = 50
    actions = None

    class Media:
        css = {"all": ("generation/batches.css",)}
        js = ("providers/toast.js", "providers/in_place.js")

    # --- columns ---------------------------------------------------------
    @display(description="Batch", ordering="id")
    def shown_name(self, batch: Batch) -> str:
        return f"Batch {batch.pk}"

    @display(description="Status", ordering="status")
    def shown_status(self, batch: Batch) -> SafeString:
        return render_to_string("generation/admin/listed_status.html", status_context(batch))

    @display(description="Progress")
    def progress(self, batch: Batch) -> SafeString:
        known = {name: getattr(batch, name, None) for name in ("pace", "forecast")}
        context = {"batch": batch, **known}
        return render_to_string("generation/admin/bar.html", context)

    @display(description="Asked for", ordering="provider")
    def route(self, batch: Batch) -> str:
        return " / ".join(part for part in (batch.provider, batch.model) if part) or "automatic"

    @display(description="Cost", ordering="cost")
    def shown_cost(self, batch: Batch) -> SafeString:
        return render_to_string("generation/admin/cost.html", {"batch": batch})

    @display(description="Ordered", ordering="created_at")
    def ordered(self, batch: Batch) -> SafeString:
        return render_to_string("generation/admin/ordered.html", {"batch": batch})

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return BatchList

    # --- permissions: rows come from orders, and their numbers from workers
    def has_delete_permission(self, request: HttpRequest, obj: Batch | None = None) -> bool:
        return False

    # --- pages -----------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        def page(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
            wrapped: Callable[..., HttpResponseBase] = self.admin_site.admin_view(view)
            return path(route, wrapped, name=f"generation_batch_{name}")

        stop = self.action_view(lambda _, pk: actions.stop_batch(pk), "stopped")
        retry = self.action_view(lambda _, pk: actions.retry_failed(pk), "trying its failed items again")
        retry_item = self.action_view(
            lambda _, pk, number: actions.retry_failed(pk, [number]), "trying item {number} again", back_to="failed"
        )
        urge = self.action_view(
            lambda request, pk: actions.set_urgency(pk, request.POST.get("urgency", "")), "set to {urgency}"
        )
        own = [
            page("news/", self.news_view, "news"),
            page("limits/<slug:provider_id>/", limits_live, "limits_ahead"),
            page("<int:pk>/live/", self.live_view, "live"),
            page("<int:pk>/failed/", self.failed_view, "failed"),
            page("<int:pk>/failed/export/", self.failed_export_view, "failed_export"),
            page("<int:pk>/items/<int:number>/", self.item_view, "item"),
            page("<int:pk>/items/<int:number>/retry/", retry_item, "item_retry"),
            page("<int:pk>/stop/", stop, "stop"),
            page("<int:pk>/resume/", require_POST(self.resume_view), "resume"),
            page("<int:pk>/retry/", retry, "retry"),
            page("<int:pk>/urgency/", urge, "urgency"),
        ]
        return self.start_urls() + own + list(super().get_urls())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        batch = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, batch):
            raise PermissionDenied
        if batch is None:
            response: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return response
        return TemplateResponse(request, "generation/admin/batch.html", self._page_context(request, batch))

    def live_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The part that changes while a batch runs."""
        batch = self._batch(request, pk)
        return TemplateResponse(request, "generation/admin/live.html", self._live_context(request, batch))

    def failed_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self._batch(request, pk)
        context = {
            **self._frame(request, batch, f"Failed items of batch {pk}"),
            **self._allowed_actions(request, batch),
        }
        return failed_page(request, batch, context)

    def failed_export_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        return export_failed(request, self._batch(request, pk))

    def item_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        item = Item.objects.filter(batch=self._batch(request, pk), number=number).first()
        if item is None:
            raise Http404
        return item_calls(request, item)

    def news_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return news(request)

    def _frame(self, request: HttpRequest, batch: Batch, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "media": self.media,
            "original": batch,
            "batch": batch,
        }

    def _page_context(self, request: HttpRequest, batch: Batch) -> dict[str, Any]:
        frame = {**self._frame(request, batch, f"Batch {batch.pk}"), "authorities": authority_use(batch.pk)}
        return {**frame, **self._live_context(request, batch)}

    def _live_context(self, request: HttpRequest, batch: Batch) -> dict[str, Any]:
        return {**live_context(request, batch), **self._allowed_actions(request, batch), "caps": CapsForm.of(batch)}

    def resume_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Go on, under the caps that were sent with it, if any. Where it is refused, they stay as they were typed."""
        batch = self._batch(request, pk)
        if not self.has_change_permission(request, batch):
            raise PermissionDenied
        form = CapsForm(request.POST)
        if not resume(form, pk):
            batch.refresh_from_db()
            context = {**self._page_context(request, batch), "caps": form}
            return TemplateResponse(request, "generation/admin/batch.html", context, status=409)
        batch.refresh_from_db()
        self.log_change(request, batch, f"Batch {pk} is resumed.")
        level, said = resumed_words(batch)
        messages.add_message(request, level, said)
        return HttpResponseRedirect(reverse("admin:generation_batch_change", args=[pk]))

    def action_view(
        self, action: Callable[..., Batch], words: str, *, back_to: str = "change"
    ) -> Callable[[HttpRequest, int], HttpResponse]:
        """``words`` say what the batch is doing then, with what else the address names and how urgent it is."""

        @require_POST
        def view(request: HttpRequest, pk: int, **place: int) -> HttpResponse:
            batch = self._batch(request, pk)
            if not self.has_change_permission(request, batch):
                raise PermissionDenied
            try:
                changed = action(request, pk, **place)
            except actions.BatchConflict as conflict:
                messages.error(request, str(conflict))
            except ValidationError as refusal:
                messages.error(request, " ".join(refusal.messages))
            else:
                said = f"Batch {pk} is {words.format(**place, urgency=changed.urgency_word)}."
                self.log_change(request, batch, said)
                messages.success(request, said)
            return HttpResponseRedirect(reverse(f"admin:generation_batch_{back_to}", args=[pk]))

        return view

    def _batch(self, request: HttpRequest, pk: int) -> Batch:
        batch: Batch | None = self.get_object(request, str(pk))
        if batch is None:
            raise Http404
        if not self.has_view_or_change_permission(request, batch):
            raise PermissionDenied
        return batch

    def _allowed_actions(self, request: HttpRequest, batch: Batch) -> dict[str, Any]:
        may_change = self.has_change_permission(request, batch)
        return {
            "may_start": self.has_add_permission(request),
            "may_stop": may_change and batch.status in ACTIVE,
            "urgencies": URGENCIES if may_change and batch.status in ACTIVE else (),
            "may_resume": may_change and batch.status in (BatchStatus.STOPPED, BatchStatus.PAUSED),
            "may_retry": may_change and batch.failed > 0 and batch.status != BatchStatus.STOPPED,
        }


def resume(form: CapsForm, pk: int) -> bool:
    """Whether it goes on; the form says what kept it from that."""
    if form.is_valid():
        try:
            actions.resume_batch(pk, form.change)
        except actions.BatchConflict as conflict:
            form.add_error(None, str(conflict))
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return form.is_valid()


def resumed_words(batch: Batch) -> tuple[int, str]:
    """That it goes on; where no call can leave now, that and why."""
    prospects = prospects_of(batch)
    if prospects.can_go:
        return messages.SUCCESS, f"Batch {batch.pk} is going on."
    remedy = "It goes on by itself as soon as a call can leave; what mends it stands below."
    return messages.WARNING, f"Batch {batch.pk} is resumed, but it cannot go on yet. {prospects.words} {remedy}"
