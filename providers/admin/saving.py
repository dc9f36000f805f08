"""Forms that save through an action: what was changed goes there, and what the action refuses is shown at its field."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from providers.models import Model


def changed_values(form: "forms.ModelForm[Any]") -> dict[str, Any]:
    """The fields that the person changed, as actions take them: what somebody else changed meanwhile is left alone."""
    columns = {field.name for field in form._meta.model._meta.fields}
    names = [name for name in form.changed_data if name in columns]
    return {name: plain(form.cleaned_data[name]) for name in names}


def plain(value: Any) -> Any:
    return value.model_id if isinstance(value, Model) else value


class SavesByAction:
    """An action that refuses undoes the whole save; the form comes again with the reasons, so no rule stands twice."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        try:
            response: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]
        except ValidationError as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            response = super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]
        return response

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)  # type: ignore[misc]
        refusal = getattr(request, "refusal", None)
        return type(form.__name__, (form,), {"refusal": refusal}) if refusal else form
