from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.views.decorators.debug import sensitive_post_parameters
from unfold.decorators import display

from providers import actions
from providers.admin import rows
from providers.admin.asking import RefusalError
from providers.admin.dressing import Rights, dress_providers
from providers.admin.in_place import STATE, InPlaceAdmin
from providers.admin.saving import SavesByAction, changed_values
from providers.choices import KeyState
from providers.forms import ProviderForm
from providers.limited import LIMITS
from providers.models import Provider, ProviderConfig
from providers.orders import Order, read_provider_order

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

    @display(description="Stored")
    def stored_key(self, provider: Provider) -> SafeString:
        """Reads the one row, to say whether it can still be decrypted."""
        config = ProviderConfig.objects.filter(provider_id=provider.pk).first()
        state = config.key_state if config else KeyState.MISSING
        return render_to_string(
            "providers/admin/stored_key.html", {"provider": provider, "config": config, "state": state}
        )

    # --- in place --------------------------------------------------------
    def parse_id(self, value: object) -> str:
        if not isinstance(value, str):
            raise RefusalError(400, "A provider's id is a text.")
        return value

    def place(self, pk: str, *, only_from: str | None, exactly: bool, **neighbour: str) -> actions.Moved:
        return actions.place_provider(pk, only_from=only_from, **neighbour)

    def name_of(self, row: Any) -> str:
        return str(row.name)

    def order_of(self, row: Any) -> Order:
        return read_provider_order()

    def dress(self, page: Sequence[Provider], rights: Rights) -> None:
        dress_providers(page, rights)

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
