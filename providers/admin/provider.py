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
from providers.admin import rows
from providers.admin.explain import explain_page
from providers.admin.in_place import STATE, InPlaceAdmin, RefusalError
from providers.admin.saving import SavesByAction, changed_values
from providers.choices import KeyState
from providers.forms import ProviderForm
from providers.limited import LIMITS
from providers.models import Provider, ProviderConfig
from providers.standing import read_states, standing_of

SETTINGS = ("Settings", {"fields": (("id", "name"), ("adapter", "base_url"), ("enabled", "requires_key"))})
LIMIT_FIELDS = ("Limits", {"fields": ("limits_scope", *LIMITS, ("pacing", "max_concurrency"))})
START = ("Where to start", {"fields": (("champion_model", "default_model"),)})
SECRETS = (
    "Secrets",
    {"fields": ("stored_key", ("api_key", "remove_key"), ("secret_config", "remove_secret_config"))},
)
STORED = ("Secrets", {"fields": ("stored_key",)})
FIRST_SECRETS = ("Secrets", {"fields": ("api_key", "secret_config")})
MORE = ("More", {"fields": ("extra_config",)})


@admin.register(Provider)
class ProviderAdmin(SavesByAction, InPlaceAdmin):
    class Media:
        css = {"all": ("providers/explain.css",)}

    form = ProviderForm
    list_display = (
        "handle",
        "shown_name",
        "switch_column",
        "adapter",
        "limits",
        "models_count",
        "key",
        "suspension",
    )
    list_display_links = ("shown_name",)
    list_filter = ("enabled", "adapter")
    search_fields = ("id", "name")
    readonly_fields = ("stored_key", "suspension")
    fieldsets = (STATE, SECRETS, SETTINGS, LIMIT_FIELDS, START, MORE)
    add_fieldsets = (SETTINGS, LIMIT_FIELDS, FIRST_SECRETS, MORE)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Provider]:
        """With the open half of the key's row: no list ever decrypts."""
        providers: QuerySet[Provider] = super().get_queryset(request)
        return (
            providers.select_related("config")
            .defer("config__api_key", "config__config")
            .annotate(models_count=Count("models"))
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Provider | None = None) -> Sequence[str]:
        return (*self.readonly_fields, "id") if obj else self.readonly_fields

    def get_fieldsets(self, request: HttpRequest, obj: Provider | None = None) -> Any:
        """Who may only look sees what is stored of a key, and no field to write one."""
        if obj and not self.has_change_permission(request, obj):
            return [STORED if part is SECRETS else part for part in self.fieldsets]
        return super().get_fieldsets(request, obj)

    # --- columns ---------------------------------------------------------
    @display(description="Order")
    def handle(self, provider: Provider) -> SafeString:
        return rows.handle(
            provider, position=provider.order, name=provider.name, group="providers", url=self.url_of("move")
        )

    @display(description="Name", ordering="name")
    def shown_name(self, provider: Provider) -> str:
        return provider.name

    @display(description="Enabled", ordering="enabled")
    def switch_column(self, provider: Provider) -> SafeString:
        return rows.switch(provider, enabled=provider.enabled, name=provider.name, url=self.url_of("switch"))

    @display(description="Limits")
    def limits(self, provider: Provider) -> str | SafeString:
        return rows.limits(provider)

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

    @display(description="Stored")
    def stored_key(self, provider: Provider) -> SafeString:
        """Reads the one row, to say whether it can still be decrypted."""
        config = ProviderConfig.objects.filter(provider_id=provider.pk).first()
        state = config.key_state if config else KeyState.MISSING
        return render_to_string(
            "providers/admin/stored_key.html", {"provider": provider, "config": config, "state": state}
        )

    # --- pages -----------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [path("explain/", wrap(self.explain_view), name=self.url_name("explain")), *super().get_urls()]

    def explain_view(self, request: HttpRequest) -> HttpResponse:
        may_view = self.has_view_or_change_permission(request)
        return explain_page(request, site=self.admin_site, may_view=may_view)

    # --- in place --------------------------------------------------------
    def parse_id(self, value: object) -> str:
        if not isinstance(value, str):
            raise RefusalError(400, "A provider's id is a text.")
        return value

    def move(self, pk: str, **neighbour: str) -> None:
        actions.move_provider(pk, **neighbour)

    def switch(self, pk: str, enabled: bool) -> Provider:
        return actions.set_provider_enabled(pk, enabled)

    def name_of(self, row: Any) -> str:
        return str(row.name)

    def positions(self, row: Any) -> dict[str, int]:
        return dict(Provider.objects.values_list("pk", "order"))

    def dress(self, page: list[Provider], *, may_move: bool, may_switch: bool) -> None:
        states = read_states(page)
        for provider in page:
            rows.set_facts(provider, rows.RowFacts(may_move, may_switch, standing_of(states.get(provider.pk))))

    # --- saving ----------------------------------------------------------
    @method_decorator(sensitive_post_parameters("api_key", "secret_config"))
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Provider, form: ProviderForm, change: bool) -> None:
        values = changed_values(form)
        if not change:
            actions.create_provider({**values, "id": obj.pk, "name": obj.name, "base_url": obj.base_url})
        elif values:
            actions.update_provider(obj.pk, values)
        note = self._note(obj.pk) if "base_url" in values else ""
        if form.secrets:
            actions.set_secrets(obj.pk, **form.secrets)
        if note:
            self.message_user(request, note, messages.WARNING)

    def _note(self, provider_id: str) -> str:
        config = ProviderConfig.objects.defer("api_key", "config").filter(pk=provider_id).first()
        return config.note if config else ""

    def delete_model(self, request: HttpRequest, obj: Provider) -> None:
        actions.delete_provider(obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Provider]) -> None:
        for pk in list(queryset.values_list("pk", flat=True)):
            actions.delete_provider(pk)
