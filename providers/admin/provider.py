from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from unfold.decorators import display

from providers import actions
from providers.address_hints import address_hints
from providers.admin import key_panel, offered, rows, state_panel
from providers.admin.adding import AddsProviders
from providers.admin.asking import RefusalError
from providers.admin.changes import list_url
from providers.admin.dressing import Rights, dress_providers
from providers.admin.explain import explain_page
from providers.admin.in_place import InPlaceAdmin
from providers.admin.saving import SavesByAction, changed_values
from providers.forms import ProviderForm
from providers.limited import LIMITS
from providers.models import Provider, ProviderConfig
from providers.orders import Order, read_provider_order

SETTINGS = ("Settings", {"fields": (("name", "id"), ("adapter", "base_url"), ("enabled", "requires_key"))})
LIMIT_FIELDS = ("Limits", {"fields": ("limits_scope", *LIMITS)})
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
    warn_unsaved_form = True  # the forms of the panels load the page anew
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
        own = [*state_panel.urls_of_provider(self), *key_panel.urls(self), *offered.urls(self)]
        return [explain, *own, *super().get_urls()]

    # --- columns ---------------------------------------------------------
    @display(description="Order")
    def handle(self, provider: Provider) -> SafeString:
        return rows.handle(
            provider,
            position=provider.order,
            name=provider.name,
            group="providers",
            url=self.url_of("move"),
            live_url=self.url_of("live"),
        )

    @display(description="Name", ordering="name")
    def shown_name(self, provider: Provider) -> str:
        return provider.name

    @display(description="Enabled", ordering="enabled")
    def switch_column(self, provider: Provider) -> SafeString:
        return rows.switch(provider, enabled=provider.enabled, name=provider.name, url=self.url_of("switch"))

    @display(description="Use of its limits")
    def use(self, provider: Provider) -> SafeString:
        return rows.live_cell(provider, "use", rows.use(provider))

    @display(description="State")
    def suspension_column(self, provider: Provider) -> SafeString:
        return rows.live_cell(provider, "state", rows.suspension(provider, again_url=self.url_of("again")))

    @display(description="Models", ordering="models_count")
    def models_count(self, provider: Provider) -> int:
        count: int = provider.models_count  # type: ignore[attr-defined]
        return count

    @display(description="Key")
    def key(self, provider: Provider) -> SafeString:
        config: ProviderConfig | None = getattr(provider, "config", None)
        return render_to_string("providers/admin/key.html", {"provider": provider, "config": config})

    @display(description="Suspended until")
    def suspension(self, provider: Provider) -> str | SafeString:
        return rows.suspension(provider)

    def explain_view(self, request: HttpRequest) -> HttpResponse:
        may_view = self.has_view_or_change_permission(request)
        return explain_page(request, site=self.admin_site, may_view=may_view)

    # --- in place --------------------------------------------------------
    def parse_id(self, value: object) -> str:
        if not isinstance(value, str):
            raise RefusalError(400, "A provider's id is a text.")
        return value

    def place(self, pk: str, *, only_from: str | None, exactly: bool, **neighbour: str) -> actions.Moved:
        return actions.place_provider(pk, only_from=only_from, **neighbour)

    def name_of(self, row: Any) -> str:
        return str(row.name)

    def trail_url(self, row: Any) -> str:
        return list_url(provider=row.pk)

    def order_of(self, row: Any) -> Order:
        return read_provider_order()

    def dress(self, page: Sequence[Provider], rights: Rights) -> None:
        dress_providers(page, rights)

    # --- saving ----------------------------------------------------------
    def save_model(self, request: HttpRequest, obj: Provider, form: ProviderForm, change: bool) -> None:
        values = changed_values(form)
        if not change:
            self._add(request, obj, form, values)
        elif values:
            actions.update_provider(obj.pk, values)
        if "base_url" in values:
            self._warn(request, obj)

    def _add(self, request: HttpRequest, obj: Provider, form: ProviderForm, values: dict[str, Any]) -> None:
        actions.create_provider({**values, "id": obj.pk, "name": obj.name, "base_url": obj.base_url})
        if key := form.cleaned_data.get("api_key"):
            actions.set_secrets(obj.pk, api_key=key)
            key_panel.warn_of_misplaced(request, key, obj)

    def _warn(self, request: HttpRequest, obj: Provider) -> None:
        """Of what the address did to the key, and of mistakes that it may hold."""
        config = ProviderConfig.objects.defer("api_key", "config").filter(pk=obj.pk).first()
        hints = address_hints(obj.base_url, obj.adapter, requires_key=obj.requires_key)
        for words in [config.note if config else "", *hints]:
            if words:
                self.message_user(request, words, messages.WARNING)

    def delete_model(self, request: HttpRequest, obj: Provider) -> None:
        actions.delete_provider(obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Provider]) -> None:
        for pk in list(queryset.values_list("pk", flat=True)):
            actions.delete_provider(pk)
