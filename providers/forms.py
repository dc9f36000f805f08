"""The admin's forms. Secrets go in and never come out: their inputs are always rendered empty."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextareaWidget

from providers.limited import LIMITS
from providers.models import Model, Provider


class WriteOnlyTextarea(UnfoldAdminTextareaWidget):  # type: ignore[misc]
    """A text box that never shows a value, not even the one that was just refused."""

    def format_value(self, value: object) -> str:
        return ""


def read_secret_settings(text: str) -> dict[str, Any]:
    """Raises ValidationError; the text never enters its message."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise ValidationError('Give a JSON object, such as {"headers": {"X-Team": "..."}}.')
    return value


class RefusableForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that also shows what an action has refused."""

    refusal: ValidationError | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.refusal is not None:
            fields = self.refusal.message_dict if hasattr(self.refusal, "error_dict") else {"": self.refusal.messages}
            for name, messages in fields.items():
                self.add_error(name if name in self.fields else None, messages)
        return cleaned


class ProviderForm(RefusableForm):
    class Meta:
        model = Provider
        fields = (
            "id",
            "name",
            "adapter",
            "base_url",
            "enabled",
            "requires_key",
            "limits_scope",
            *LIMITS,
            "pacing",
            "max_concurrency",
            "default_model",
            "champion_model",
            "extra_config",
        )
        help_texts = {
            "base_url": "Another scheme, host or port removes the stored key and secret settings, which belong to the "
            "old address. Enter new ones after saving."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Model.objects.filter(provider_id=self.instance.pk).order_by("fallback_priority")
        for name in ("default_model", "champion_model"):
            if name in self.fields:
                self.fields[name].queryset = own  # type: ignore[attr-defined]
                widget = self.fields[name].widget
                for deed in ("add", "change", "delete"):  # models are managed in their own list
                    setattr(widget, f"can_{deed}_related", False)


class NewProviderForm(ProviderForm):
    """With its first key; later ones are set on the provider's page."""

    api_key = forms.CharField(
        label="API key",
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password", "spellcheck": "false"}),
        help_text="May be entered later. It is encrypted and never shown again.",
    )

    class Meta(ProviderForm.Meta):
        help_texts = {
            "id": "What batches, limits and the API call it by, such as groq. It cannot be changed later.",
            "base_url": "The address before /chat/completions, such as https://api.example.com/v1.",
        }

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors and self.cleaned_data.get("api_key"):
            self.add_error("api_key", "Nothing was saved. Enter the key once more: it is not kept in the page.")


class ModelForm(RefusableForm):
    class Meta:
        model = Model
        fields = (
            "provider",
            "model_id",
            "display_name",
            "enabled",
            *LIMITS,
            "max_tokens",
            "context_window",
            "supports_json_schema",
            "is_thinking_model",
            "input_price",
            "output_price",
            "extra_config",
        )

    def _get_validation_exclusions(self) -> set[str]:
        # The provider of an existing model is not in the form, but its ids must stay unique within it.
        return super()._get_validation_exclusions() - {"provider"}  # type: ignore[misc,no-any-return]
