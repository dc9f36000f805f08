"""The pages of models."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import URLPattern
from django.utils.safestring import SafeString
from unfold.decorators import display

from providers import actions
from providers.admin import standings
from providers.admin.changes import list_url
from providers.admin.forms import ModelForm
from providers.admin.lists import rows, switches
from providers.admin.lists.in_place import Handler, InPlaceAdmin
from providers.admin.lists.provider_filter import ProviderFilter
from providers.admin.lists.row_facts import Rights, add_facts_to_models
from providers.admin.panels import learnt_panel, state_panel
from providers.admin.requests import RefusalError
from providers.admin.saving import SavesByAction, changed_values
from providers.configuration.positions import Positions, read_model_orders
from providers.limit_columns import LIMITS
from providers.models import Model
from providers.querysets import IN_ORDER_OF_TRYING


@admin.register(Model)
class ModelAdmin(SavesByAction, InPlaceAdmin):
    form = ModelForm
    list_display = (
        "handle",
        "shown_name",
        "provider_column",
        "switch_column",
        "champion_column",
        "suspension_column",
        "use",
        "abilities",
    )
    list_display_links = ("shown_name",)
    list_filter = (ProviderFilter, "enabled", "supports_json_schema", "is_thinking_model")
    search_fields = ("model_id", "display_name", "provider__name")
    list_select_related = ("provider", "reroute")
    is_grouped = True
    empty_template = "providers/admin/no_models.html"
    list_before_template = "providers/admin/provider_filter.html"
    changes: ClassVar[Mapping[str, Handler]] = {**InPlaceAdmin.changes, "champion": switches.make_champion}
    fieldsets = (
        (None, {"fields": ("provider", ("model_id", "display_name"), "enabled")}),
        ("Limits of its own", {"fields": (*LIMITS, "limits")}),
        ("Abilities", {"fields": (("max_tokens", "context_window"), ("supports_json_schema", "is_thinking_model"))}),
        ("Prices, in US dollars", {"fields": (("input_price", "output_price"), "cached_input_price")}),
        ("Advanced", {"fields": ("extra_config",), "classes": ("collapse",)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Sequence[str]:
        return ("provider",) if obj else ()

    def get_urls(self) -> list[URLPattern]:
        own = [*standings.urls_of_models(self), *learnt_panel.urls(self), *state_panel.urls_of_model(self)]
        return [*own, *super().get_urls()]

    # --- columns ---------------------------------------------------------
    @display(description="Priority")
    def handle(self, model: Model) -> SafeString:
        return rows.handle(model, position=model.fallback_priority, group=model.provider_id, url=self.url_of("move"))

    @display(description="Model", ordering="model_id")
    def shown_name(self, model: Model) -> SafeString:
        return render_to_string("providers/admin/model_name.html", {"model": model, "provider": model.provider})

    @display(description="Provider", ordering="provider__name")
    def provider_column(self, model: Model) -> SafeString:
        return render_to_string("providers/admin/provider_link.html", {"provider": model.provider})

    @display(description="Champion")
    def champion_column(self, model: Model) -> SafeString:
        return rows.champion(model, url=self.url_of("champion"))

    @display(description="Abilities")
    def abilities(self, model: Model) -> SafeString:
        return render_to_string("providers/admin/abilities.html", {"model": model})

    # --- in place --------------------------------------------------------
    def parse_id(self, value: str) -> int:
        is_number = value.isascii() and value.isdigit() and len(value) < 20
        if not is_number or not 0 < int(value) < 2**63:
            raise RefusalError(400, "A model's id is a whole number.")
        return int(value)

    def place(self, pk: int, *, only_from: str | None, exactly: bool, **neighbour: int) -> actions.Moved:
        return actions.place_model(pk, only_from=only_from, exactly=exactly, **neighbour)

    def trail_url(self, row: Any) -> str:
        return list_url(model_pk=row.pk)

    def order_of(self, row: Any) -> Positions:
        return read_model_orders([row.provider_id]).get(row.provider_id, Positions(()))

    def offer(self, request: HttpRequest, row: Model, start: Model) -> dict[str, Any]:
        """Beside the model that comes first it is only second."""
        champion = row.provider.champion_model_id
        if champion == row.pk or not request.user.has_perm("providers.change_provider"):
            return {}
        body = {"id": row.pk, "champion": True, "believed": str(champion or "")}
        return {"offer": {"url": self.url_of("champion"), "body": body, "label": "Make it champion"}}

    def add_facts(self, page: Sequence[Model], rights: Rights) -> None:
        add_facts_to_models(page, rights)

    def live_rows(self) -> QuerySet[Model]:
        return Model.objects.select_related("provider")

    def get_ordering(self, request: HttpRequest) -> Sequence[Any]:
        return IN_ORDER_OF_TRYING

    # --- saving ----------------------------------------------------------
    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        values = changed_values(form)
        if not change:
            provider_id = values.pop("provider").pk
            row = actions.create_model(provider_id, {**values, "model_id": obj.model_id})
            obj.pk, obj.fallback_priority = row.pk, row.fallback_priority
        elif values:
            actions.update_model(obj.pk, values)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        actions.delete_model(obj.pk)
