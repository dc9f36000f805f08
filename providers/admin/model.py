from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import URLPattern
from django.utils.safestring import SafeString
from unfold.decorators import display

from providers import actions
from providers.admin import rows, state_panel
from providers.admin.changes import list_url
from providers.admin.in_place import InPlaceAdmin, RefusalError
from providers.admin.saving import SavesByAction, changed_values
from providers.forms import ModelForm
from providers.limited import LIMITS
from providers.models import Model
from providers.standing import Standing, read_states, scope_of, standing_of


@admin.register(Model)
class ModelAdmin(SavesByAction, InPlaceAdmin):
    form = ModelForm
    list_display = (
        "handle",
        "shown_name",
        "provider_column",
        "switch_column",
        "limits",
        "abilities",
        "suspension",
    )
    list_display_links = ("shown_name",)
    list_filter = ("provider", "enabled", "supports_json_schema", "is_thinking_model")
    search_fields = ("model_id", "display_name", "provider__name")
    list_select_related = ("provider",)
    fieldsets = (
        (None, {"fields": ("provider", ("model_id", "display_name"), "enabled")}),
        ("Limits of its own", {"fields": LIMITS}),
        ("Abilities", {"fields": (("max_tokens", "context_window"), ("supports_json_schema", "is_thinking_model"))}),
        ("Prices", {"fields": (("input_price", "output_price"),)}),
        ("Advanced", {"fields": ("extra_config",), "classes": ("collapse",)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Sequence[str]:
        return ("provider",) if obj else ()

    def get_urls(self) -> list[URLPattern]:
        return [*state_panel.urls_of_model(self), *super().get_urls()]

    # --- columns ---------------------------------------------------------
    @display(description="Priority")
    def handle(self, model: Model) -> SafeString:
        return rows.handle(
            model,
            position=model.fallback_priority,
            name=str(model),
            group=model.provider_id,
            url=self.url_of("move"),
        )

    @display(description="Model", ordering="model_id")
    def shown_name(self, model: Model) -> SafeString:
        return render_to_string("providers/admin/model_name.html", {"model": model, "provider": model.provider})

    @display(description="Provider", ordering="provider__name")
    def provider_column(self, model: Model) -> SafeString:
        return render_to_string("providers/admin/provider_link.html", {"provider": model.provider})

    @display(description="Enabled", ordering="enabled")
    def switch_column(self, model: Model) -> SafeString:
        return rows.switch(model, enabled=model.enabled, name=str(model), url=self.url_of("switch"))

    @display(description="Limits")
    def limits(self, model: Model) -> str | SafeString:
        return rows.limits(model)

    @display(description="Abilities")
    def abilities(self, model: Model) -> SafeString:
        return render_to_string("providers/admin/abilities.html", {"model": model})

    @display(description="Suspended until")
    def suspension(self, model: Model) -> str | SafeString:
        return rows.suspension(model)

    # --- in place --------------------------------------------------------
    def parse_id(self, value: object) -> int:
        if isinstance(value, str) and value.isascii() and value.isdigit():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
            raise RefusalError(400, "A model's id is a whole number.")
        return value

    def move(self, pk: int, **neighbour: int) -> None:
        actions.move_model(pk, **neighbour)

    def switch(self, pk: int, enabled: bool) -> Model:
        return actions.set_model_enabled(pk, enabled)

    def name_of(self, row: Any) -> str:
        return str(row)

    def trail_url(self, row: Any) -> str:
        return list_url(model_pk=row.pk)

    def positions(self, row: Any) -> dict[str, int]:
        own = Model.objects.filter(provider_id=row.provider_id).values_list("pk", "fallback_priority")
        return {str(pk): position for pk, position in own}

    def dress(self, page: list[Model], *, may_move: bool, may_switch: bool) -> None:
        """A model is held up by its own suspension, or else by its provider's."""
        states = read_states([*page, *(model.provider for model in page)])

        def standing(model: Model) -> Standing:
            own, provider = (standing_of(states.get(scope_of(row))) for row in (model, model.provider))
            return provider if provider.suspended_until and not own.suspended_until else own

        for model in page:
            rows.set_facts(model, rows.RowFacts(may_move, may_switch, standing(model)))

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

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> None:
        for pk in list(queryset.values_list("pk", flat=True)):
            actions.delete_model(pk)
