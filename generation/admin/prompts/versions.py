"""The list of versions of the prompts' wording, and the page of each."""

from collections.abc import Callable
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
from django.views.decorators.http import require_POST, require_safe
from unfold.admin import ModelAdmin as UnfoldModelAdmin
from unfold.decorators import display

from generation.actions.prompts import versions
from generation.admin.prompts.contexts import preview_context, trial_context, version_context
from generation.admin.prompts.editing import EditsVersions
from generation.admin.prompts.forms import PreviewForm
from generation.admin.prompts.trying import try_item
from generation.models import PromptTrial, PromptVersion
from generation.selectors.prompt_versions import shown_versions

TEMPLATES = "generation/admin/prompts"


@admin.register(PromptVersion)
class PromptVersionAdmin(EditsVersions, UnfoldModelAdmin):  # type: ignore[misc]
    list_display = ("shown_name", "note", "state", "uses", "made")
    list_display_links = ("shown_name",)
    list_before_template = f"{TEMPLATES}/newer.html"
    list_fullwidth = True
    search_fields = ("=number", "note", "created_by_name")
    search_help_text = "A version's number, who made it, or words of its note"
    sortable_by = ("shown_name",)
    list_per_page = 50
    actions = None

    class Media:
        css = {"all": ("generation/start.css", "generation/batches.css", "generation/prompts.css")}

    # --- columns ---------------------------------------------------------
    @display(description="Version", ordering="number")
    def shown_name(self, version: PromptVersion) -> str:
        return f"Version {version.number}"

    @display(description="State")
    def state(self, version: PromptVersion) -> SafeString:
        return render_to_string(f"{TEMPLATES}/state.html", {"version": version})

    @display(description="Used by")
    def uses(self, version: PromptVersion) -> SafeString:
        return render_to_string(f"{TEMPLATES}/uses.html", {"version": version})

    @display(description="Made", ordering="created_at")
    def made(self, version: PromptVersion) -> SafeString:
        return render_to_string(f"{TEMPLATES}/made.html", {"version": version})

    # --- rows ------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[PromptVersion]:
        return shown_versions().defer("content").order_by("-number")

    def has_delete_permission(self, request: HttpRequest, obj: PromptVersion | None = None) -> bool:
        return False

    # --- pages -----------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        def page(route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            wrapped: Callable[..., HttpResponse] = self.admin_site.admin_view(view)
            return path(route, wrapped, name=f"generation_promptversion_{name}")

        own = [
            page("add/check/", require_POST(self.check_view), "check"),
            page("<int:pk>/preview/", require_safe(self.preview_view), "preview"),
            page("<int:pk>/current/", require_POST(self.current_view), "current"),
            page("<int:pk>/try/", require_POST(self.try_view), "try"),
            page("<int:pk>/trials/<int:trial>/", require_safe(self.trial_view), "trial"),
        ]
        return own + list(super().get_urls())

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        newer = versions.newer_built_in() if self.has_view_or_change_permission(request) else None
        context = {"newer": newer, "may_choose": self.has_change_permission(request), **(extra_context or {})}
        response: HttpResponse = super().changelist_view(request, context)
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        versions.built_in_version()
        version = self.get_object(request, unquote(object_id))
        if version is None:
            response: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return response
        context = {
            **self.admin_site.each_context(request),
            "title": f"Prompt version {version.number}",
            "opts": self.opts,
            "media": self.media,
            **version_context(request, version, versions.current_version()),
        }
        return TemplateResponse(request, f"{TEMPLATES}/version.html", context)

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What is sent for the item that is asked about."""
        version = self._version(request, pk)
        return TemplateResponse(
            request, f"{TEMPLATES}/preview.html", preview_context(PreviewForm(request.GET), version)
        )

    def current_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = self._version(request, pk)
        if not self.has_change_permission(request, version):
            raise PermissionDenied
        try:
            versions.choose_version(pk)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            self.log_change(request, version, f"Version {pk} is the current one.")
            messages.success(request, f"New batches take version {pk} from now on. Those that there are keep theirs.")
        return HttpResponseRedirect(reverse("admin:generation_promptversion_change", args=[pk]))

    def try_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One item, asked for right now. It costs what the call costs, as a version's maker may decide."""
        version = self._version(request, pk)
        if not self.has_add_permission(request):
            raise PermissionDenied
        return TemplateResponse(request, f"{TEMPLATES}/tried.html", try_item(request, version))

    def trial_view(self, request: HttpRequest, pk: int, trial: int) -> HttpResponse:
        """What was asked and answered."""
        found = PromptTrial.objects.filter(pk=trial, version=self._version(request, pk)).first()
        if found is None:
            raise Http404
        return TemplateResponse(request, f"{TEMPLATES}/trial.html", trial_context(found))

    def _version(self, request: HttpRequest, pk: int) -> PromptVersion:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        version: PromptVersion | None = self.get_object(request, str(pk))
        if version is None:
            raise Http404
        return version
