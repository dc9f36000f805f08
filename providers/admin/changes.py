"""The trail of changes in the admin: a list to look at, and a panel on each row's own page."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin as UnfoldModelAdmin
from unfold.decorators import display

from providers.admin.panels.registry import panel
from providers.configuration import change_words
from providers.models import ConfigurationChange, Model, Provider
from providers.querysets import ChangeQuerySet

LAST = 20
NAMELESS = "-"


class TrailFilter(admin.SimpleListFilter):
    """One of the names that stand in the trail, also of who or what is gone. ``parameter_name`` is the column."""

    parameter_name = ""
    nameless = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        column = str(self.parameter_name)
        names = ConfigurationChange.objects.order_by(column).values_list(column, flat=True).distinct()
        return [(name or NAMELESS, name or self.nameless) for name in names]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ConfigurationChange]) -> QuerySet[ConfigurationChange]:
        value = self.value()
        if not value:
            return queryset
        return queryset.filter(**{str(self.parameter_name): "" if value == NAMELESS else value})


class WhoFilter(TrailFilter):
    title = "who"
    parameter_name = "actor_name"
    nameless = "a command, or nobody signed in"


class NamedProviderFilter(TrailFilter):
    title = "provider"
    parameter_name = "provider"
    nameless = "the list of providers"


@admin.register(ConfigurationChange)
class ChangeAdmin(UnfoldModelAdmin):  # type: ignore[misc]
    list_display = ("at_column", "who", "about", "what")
    list_display_links = ("what",)
    list_filter = (WhoFilter, NamedProviderFilter, "at", "way", "deed")
    list_filter_sheet = True
    list_fullwidth = True
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("provider", "model_id", "actor_name", "command", "details")
    search_help_text = "Provider, model, person, command, or a field such as base_url"
    sortable_by = ("at_column",)
    actions = None
    fields = ("at_column", "who", "about", "all_details")
    readonly_fields = fields

    class Media:
        css = {"all": ("providers/changes.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConfigurationChange]:
        """With whether what it is about is still there to be linked."""
        changes: QuerySet[ConfigurationChange] = super().get_queryset(request)
        return with_presence(changes)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ConfigurationChange | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ConfigurationChange | None = None) -> bool:
        return False

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        context["show_history"] = False
        response: HttpResponse = super().render_change_form(request, context, **kwargs)
        return response

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """A change has none: it is one."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:providers_configurationchange_change", args=[object_id]))

    @display(description="When", ordering="id")
    def at_column(self, change: ConfigurationChange) -> SafeString:
        return render_to_string("providers/admin/change_when.html", {"change": change})

    @display(description="Who")
    def who(self, change: ConfigurationChange) -> SafeString:
        return render_to_string("providers/admin/change_who.html", context_of(change))

    @display(description="About")
    def about(self, change: ConfigurationChange) -> SafeString:
        return render_to_string("providers/admin/change_about.html", context_of(change))

    @display(description="What")
    def what(self, change: ConfigurationChange) -> str:
        return change_words.summary(change)

    @display(description="What")
    def all_details(self, change: ConfigurationChange) -> SafeString:
        return render_to_string("providers/admin/change_details.html", context_of(change))


def with_presence(changes: QuerySet[ConfigurationChange]) -> QuerySet[ConfigurationChange]:
    return changes.annotate(
        has_provider=Exists(Provider.objects.filter(pk=OuterRef("provider"))),
        has_model=Exists(Model.objects.filter(pk=OuterRef("model_pk"))),
    )


def context_of(change: ConfigurationChange) -> dict[str, Any]:
    return {
        "change": change,
        "who": change_words.who(change),
        "how": change_words.how(change),
        "summary": change_words.summary(change),
        "head": change_words.head(change).rstrip(": "),
        "phrases": change_words.phrases(change),
    }


def list_url(**filters: Any) -> str:
    return f"{reverse('admin:providers_configurationchange_changelist')}?{urlencode(filters)}"


def may_view(request: HttpRequest) -> bool:
    return request.user.has_perm("providers.view_configurationchange")


@panel(Provider, place=90)
def changes_of_provider(request: HttpRequest, provider: Provider) -> SafeString:
    own = ConfigurationChange.objects.of_provider(provider.pk)
    return _panel(request, own, list_url(provider=provider.pk), has_about=True)


@panel(Model, place=90)
def changes_of_model(request: HttpRequest, model: Model) -> SafeString:
    return _panel(request, ConfigurationChange.objects.of_model(model.pk), list_url(model_pk=model.pk), has_about=False)


def _panel(
    request: HttpRequest, changes: ChangeQuerySet[ConfigurationChange], url: str, *, has_about: bool
) -> SafeString:
    if not may_view(request):
        return SafeString("")
    rows = [context_of(change) for change in with_presence(changes)[:LAST]]
    return render_to_string("providers/admin/changes.html", {"rows": rows, "url": url, "has_about": has_about})
