"""Rows that are changed where they stand: one POST each, behind the change permission, and state that stays fresh."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ORDER_VAR, PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from unfold.admin import ModelAdmin as UnfoldModelAdmin
from unfold.decorators import display
from unfold.views import ChangeList

from providers.admin.changes import may_view
from providers.admin.lists import moves, rows, switches
from providers.admin.lists.ordered_list import OrderedList
from providers.admin.lists.row_facts import Rights, rights_of
from providers.admin.panels.registry import render_panels
from providers.admin.requests import Asked, RefusalError
from providers.configuration import limit_lists
from providers.permissions import remedy

MOST_LIVE_ROWS = 300
Handler = Callable[[OrderedList, HttpRequest, Asked], dict[str, Any]]


class InPlaceChangeList(ChangeList):  # type: ignore[misc]
    """A page of rows, each with its facts."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: list[Any] = list(self.result_list)
        self.is_in_order = not request.GET.get(ORDER_VAR)
        may_change = self.model_admin.has_change_permission(request)
        rights = rights_of(request, may_change=may_change, may_move=self.is_in_order)
        self.model_admin.add_facts(self.result_list, rights)

    @property
    def live_url(self) -> str:
        return rows.live_url(self.model_admin.url_of("live"), self.result_list)

    @property
    def asked_for(self) -> list[tuple[str, str]]:
        """What the list is filtered, searched and sorted by."""
        return [(name, value) for name, values in self.filter_params.items() if name != PAGE_VAR for value in values]


class InPlaceAdmin(UnfoldModelAdmin):  # type: ignore[misc]
    """Base of the two ordered lists: a subclass has the rest of an ``OrderedList``."""

    list_fullwidth = True
    change_form_outer_before_template = "providers/admin/panels_above.html"
    is_grouped = False
    empty_template = ""
    change_form_outer_after_template = "providers/admin/panels.html"
    changes: ClassVar[Mapping[str, Handler]] = {
        "move": moves.move,
        "switch": switches.switch,
        "again": switches.try_again,
    }

    class Media:
        css = {"all": ("providers/lists.css", "providers/changes.css", "providers/provider.css")}
        js = (
            "providers/vendor/Sortable.min.js",
            "providers/toast.js",
            "providers/in_place.js",
            "providers/sorting.js",
            "providers/provider.js",
        )

    def offer(self, request: HttpRequest, row: Any, start: Any) -> dict[str, Any]:
        return {}

    def add_facts(self, page: Sequence[Any], rights: Rights) -> None:
        raise NotImplementedError

    def live_rows(self) -> "models.QuerySet[Any]":
        return self.model._default_manager.all()  # type: ignore[no-any-return]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        row = kwargs.get("obj")
        if row is not None:
            self.add_facts([row], Rights())
            request.shown_form = context["adminform"].form  # type: ignore[attr-defined]  # some panels hold its inputs
            context["panels_above"] = render_panels(request, row, above=True)
            context["panels"] = render_panels(request, row)
            context["show_history"] = may_view(request)
        response: HttpResponse = super().render_change_form(request, context, **kwargs)
        return response

    @display(description="Other limits")
    def limits(self, row: Any) -> str:
        """For who may look at them, and not change them."""
        return "; ".join(limit_lists.told(limit.entry) for limit in row.limits.all()) or "none"

    # --- columns of both lists -------------------------------------------
    @display(description="Enabled", ordering="enabled")
    def switch_column(self, row: Any) -> SafeString:
        return rows.switch(row, url=self.url_of("switch"))

    @display(description="Use of its limits")
    def use(self, row: Any) -> SafeString:
        return rows.live_cell(row, "use", rows.use(row))

    @display(description="State")
    def suspension_column(self, row: Any) -> SafeString:
        return rows.live_cell(row, "state", rows.suspension(row, again_url=self.url_of("again")))

    def log_addition(self, *args: Any) -> None:
        """There is one trail: the actions write it, the admin's own log stays empty."""

    log_change = log_deletions = log_addition

    def trail_url(self, row: Any) -> str:
        """Where all changes of a row are listed."""
        raise NotImplementedError

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        if row is None:
            response: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return response
        return HttpResponseRedirect(self.trail_url(row))

    def delete_queryset(self, request: HttpRequest, queryset: "models.QuerySet[Any]") -> None:
        for row in list(queryset):
            self.delete_model(request, row)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return InPlaceChangeList

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(f"{name}/", self.admin_site.admin_view(self._view(handler)), name=self.url_name(name))
            for name, handler in self.changes.items()
        ]
        live = path("live/", self.admin_site.admin_view(self.live_view), name=self.url_name("live"))
        return [*own, live, *super().get_urls()]

    def url_name(self, suffix: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{suffix}"

    def url_of(self, suffix: str) -> str:
        return reverse(f"{self.admin_site.name}:{self.url_name(suffix)}")

    @method_decorator(require_safe)
    def live_view(self, request: HttpRequest) -> HttpResponse:
        """The cells that change by themselves, of the rows ``?ids=a,b``."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        try:
            ids = [self.parse_id(key) for key in request.GET.get("ids", "").split(",")[:MOST_LIVE_ROWS] if key]
        except RefusalError as refusal:
            return HttpResponse(refusal.message, status=refusal.status, content_type="text/plain")
        page = list(self.live_rows().filter(pk__in=ids))
        self.add_facts(page, rights_of(request, may_change=self.has_change_permission(request)))
        again_url = self.url_of("again")
        cells = [rows.live_cells(row, again_url=again_url) for row in page]
        return HttpResponse(cells, headers={"Cache-Control": "no-store"})

    def not_allowed(self) -> str:
        wanted = f"{self.opts.app_label}.change_{self.opts.model_name}"
        return f"You may look at {self.opts.verbose_name_plural}, but not change them. {remedy(wanted)}"

    def _view(self, handler: Handler) -> Callable[[HttpRequest], HttpResponse]:
        def view(request: HttpRequest) -> HttpResponse:
            try:
                if request.method != "POST":
                    raise RefusalError(405, "Send this as a POST.")
                if not self.has_change_permission(request):
                    raise RefusalError(403, self.not_allowed())
                return JsonResponse(handler(self, request, request.POST.dict()))
            except RefusalError as refusal:
                return JsonResponse({"message": refusal.message, **refusal.facts}, status=refusal.status)

        return view
