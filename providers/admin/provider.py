"""The pages of providers."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.views.decorators.debug import sensitive_post_parameters
from unfold.decorators import display

from providers import actions
from providers.admin import offered, row_views, standings
from providers.admin.adding import AddsProviders
from providers.admin.changes import list_url
from providers.admin.explain import explain_page
from providers.admin.forms import ProviderForm, SecretFields
from providers.admin.installation import limits_page
from providers.admin.lists import rows
from providers.admin.lists.in_place import InPlaceAdmin
from providers.admin.lists.row_facts import Rights, add_facts_to_providers
from providers.admin.panels import duplicate_panel, key_panel, state_panel, suggestions_panel
from providers.admin.saving import SavesByAction, changed_values
from providers.configuration.positions import Positions, read_provider_order
from providers.connection.address_hints import address_hints
from providers.limit_columns import LIMITS
from providers.models import Provider, ProviderConfig

SETTINGS = ("Settings", {"fields": (("name", "id"), ("adapter", "base_url"), ("enabled", "requires_key"))})
LIMIT_FIELDS = ("Limits", {"fields": ("limits_scope", *LIMITS, "limits")})
START = ("Where to start", {"fields": (("champion_model", "default_model"),)})
FIRST_KEY = ("Key", {"fields": ("api_key",)})
ADVANCED = ("Advanced", {"fields": (("pacing", "max_concurrency"), "extra_config"), "classes": ("collapse",)})


@admin.register(Provider)
class ProviderAdmin(AddsProviders, SavesByAction, InPlaceAdmin):
    class Media:
        css = {"all": ("providers/explain.css",)}

    form = ProviderForm
    list_display = (
        "handle",
        "shown_name",
        "switch_column",
        "suspension_column",
        "use",
        "models_count",
        "key",
        "adapter",
    )
    list_display_links = ("shown_name",)
    empty_template = "providers/admin/no_providers.html"
    list_filter = ("enabled", "adapter")
    search_fields = ("id", "name")
    fieldsets = (SETTINGS, LIMIT_FIELDS, START, ADVANCED)
    add_fieldsets = (SETTINGS, FIRST_KEY, LIMIT_FIELDS, ADVANCED)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Provider]:
        """With the open half of the key's row: no list ever decrypts."""
        providers: QuerySet[Provider] = super().get_queryset(request)
        return (
            providers.select_related("config")
            .defer("config__api_key", "config__config")
            .annotate(models_count=Count("models"))
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Provider | None = None) -> Sequence[str]:
        return ("id",) if obj else ()

    def get_urls(self) -> list[URLPattern]:
        explain = path("explain/", self.admin_site.admin_view(self.explain_view), name=self.url_name("explain"))
        limits = path("limits/", self.admin_site.admin_view(self.limits_view), name=self.url_name("limits"))
        own = [
            *state_panel.urls_of_provider(self),
            *suggestions_panel.urls(self),
            *key_panel.urls(self),
            *duplicate_panel.urls(self),
            *offered.urls(self),
            *standings.urls_of_providers(self),
        ]
        return [explain, limits, *own, *super().get_urls()]

    # --- columns ---------------------------------------------------------
    @display(description="Positions")
    def handle(self, provider: Provider) -> SafeString:
        return rows.handle(provider, position=provider.order, group="providers", url=self.url_of("move"))

    @display(description="Name", ordering="name")
    def shown_name(self, provider: Provider) -> str:
        return provider.name

    @display(description="Models", ordering="models_count")
    def models_count(self, provider: Provider) -> int:
        count: int = provider.models_count  # type: ignore[attr-defined]
        return count

    @display(description="Key")
    def key(self, provider: Provider) -> SafeString:
        return render_to_string("providers/admin/key.html", {"provider": provider})

    def explain_view(self, request: HttpRequest) -> HttpResponse:
        may_view = self.has_view_or_change_permission(request)
        return explain_page(request, site=self.admin_site, may_view=may_view)

    def limits_view(self, request: HttpRequest) -> HttpResponse:
        may_view, may_change = self.has_view_or_change_permission(request), self.has_change_permission(request)
        return limits_page(request, site=self.admin_site, may_view=may_view, may_change=may_change)

    # --- in place --------------------------------------------------------
    def parse_id(self, value: str) -> str:
        return value

    def place(self, pk: str, *, only_from: str | None, exactly: bool, **neighbour: str) -> actions.Moved:
        return actions.place_provider(pk, only_from=only_from, **neighbour)

    def trail_url(self, row: Any) -> str:
        return list_url(provider=row.pk)

    def order_of(self, row: Any) -> Positions:
        return read_provider_order()

    def add_facts(self, page: Sequence[Provider], rights: Rights) -> None:
        add_facts_to_providers(page, rights)

    # --- saving ----------------------------------------------------------
    @method_decorator(sensitive_post_parameters("api_key", "secret_config"))
    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Provider, form: ProviderForm, change: bool) -> None:
        """Secrets come last: a new address removes those of the old one."""
        values = changed_values(form)
        if not change:
            actions.create_provider({**values, "id": obj.pk, "name": obj.name, "base_url": obj.base_url})
        elif values:
            actions.update_provider(obj.pk, values)
        secrets = form.secrets if isinstance(form, SecretFields) else {}
        if secrets:
            actions.set_secrets(obj.pk, **secrets)
            key_panel.tell_stored(request, obj, secrets)
        if "base_url" in values:
            self._warn(request, obj)

    def response_change(self, request: HttpRequest, obj: Provider) -> HttpResponse:
        """A key that was stored from its panel can be tested there at once."""
        response: HttpResponse = super().response_change(request, obj)
        is_stored = "_continue" in request.POST and request.POST.get("api_key", "").strip()
        return row_views.back_to(obj, key_panel.WAS_SET) if is_stored and response.status_code == 302 else response

    def _warn(self, request: HttpRequest, obj: Provider) -> None:
        """Of what the address did to the key, and of mistakes that it may hold."""
        config = ProviderConfig.objects.defer("api_key", "config").filter(pk=obj.pk).first()
        hints = address_hints(obj.base_url, obj.adapter, requires_key=obj.requires_key)
        for words in [config.note if config else "", *hints]:
            if words:
                self.message_user(request, words, messages.WARNING)

    def delete_model(self, request: HttpRequest, obj: Provider) -> None:
        actions.delete_provider(obj.pk)
