"""The admin's forms. Secrets go in and never come out: their inputs are always rendered empty.

Which columns a form of rows has is said by the fieldsets of its admin.
"""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from providers.admin.limit_rows import LimitsField
from providers.choices import URGENCY_WORDS, WHEN_FULL
from providers.configuration import limit_lists
from providers.models import Model, Provider
from providers.routing.explaining.explanation import TYPICAL_TOKENS
from providers.routing.limits.urgency import Urgency

INPUTS = {"config": "secret_config"}
"""What an action calls by another name than its input."""


class WriteOnlyTextarea(UnfoldAdminTextareaWidget):  # type: ignore[misc]
    """A text box that never shows a value, not even the one that was just refused."""

    def format_value(self, value: object) -> str:
        return ""


class SecretFields(forms.Form):
    """A provider's secrets as they are entered: what is left empty stays as it is."""

    api_key = forms.CharField(
        label="API key",
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password", "spellcheck": "false"}),
    )
    secret_config = forms.CharField(
        label="Secret settings",
        required=False,
        widget=WriteOnlyTextarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_secret_config(self) -> dict[str, Any] | None:
        """The text never enters a message."""
        text = self.cleaned_data["secret_config"]
        if not text:
            return None
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise ValidationError('Give a JSON object, such as {"headers": {"X-Team": "..."}}.')
        return value

    @property
    def secrets(self) -> dict[str, Any]:
        """What was entered, as ``actions.set_secrets`` takes it."""
        entered = {"api_key": self.cleaned_data.get("api_key"), "config": self.cleaned_data.get("secret_config")}
        return {name: value for name, value in entered.items() if value is not None and value != ""}

    def stand_apart(self, form_id: str) -> None:
        """The inputs belong to the form of that id, wherever on its page they stand."""
        for name in SecretFields.base_fields:
            self.fields[name].widget.attrs |= {"form": form_id, "aria-describedby": f"{name}-help {name}-error"}


class RefusableForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that also shows what an action has refused."""

    refusal: ValidationError | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.refusal is not None:
            fields = self.refusal.message_dict if hasattr(self.refusal, "error_dict") else {"": self.refusal.messages}
            for name, messages in fields.items():
                field = INPUTS.get(name, name)
                self.add_error(field if field in self.fields else None, messages)
        return cleaned


class LimitedForm(RefusableForm):
    limits = LimitsField(
        label="Other limits",
        help_text="What the three above cannot say: tokens per day, a limit by the second, input tokens alone, "
        "US dollars, a day that begins at midnight somewhere. All limits hold at once; there may be 12 of these.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "limits" in self.fields:
            self.fields["limits"].hold_for(limit_lists.scopes_of(self.instance))  # type: ignore[attr-defined]
            if not self.instance._state.adding:
                self.initial["limits"] = [limit_lists.written(row.entry) for row in self.instance.limits.all()]


class ProviderForm(LimitedForm):
    class Meta:
        help_texts = {
            "base_url": "Another scheme, host or port removes the stored key and secret settings, which belong to the "
            "old address. Enter the new ones with it."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Model.objects.filter(provider_id=self.instance.pk).order_by("fallback_priority")
        for name in ("default_model", "champion_model"):
            if name in self.fields:
                self.fields[name].queryset = own  # type: ignore[attr-defined]
                widget = self.fields[name].widget
                for kind in ("add", "change", "delete"):  # models are managed in their own list
                    setattr(widget, f"can_{kind}_related", False)


class KeyedProviderForm(SecretFields, ProviderForm):
    """With its secrets, which are saved with the rest or not at all."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            for name in SecretFields.base_fields:
                if self.cleaned_data.get(name):
                    self.add_error(name, "Nothing was saved. Enter it once more: it is not kept in the page.")


class NewProviderForm(KeyedProviderForm):
    class Meta(ProviderForm.Meta):
        help_texts = {
            "id": "What batches, limits and the API call it by, such as groq. It cannot be changed later.",
            "base_url": "The address before /chat/completions, such as https://api.example.com/v1.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["api_key"].help_text = "May be entered later. It is encrypted and never shown again."
        del self.fields["secret_config"]


class ModelForm(LimitedForm):
    def _get_validation_exclusions(self) -> set[str]:
        # The provider of an existing model is not in the form, but its ids must stay unique within it.
        return super()._get_validation_exclusions() - {"provider"}  # type: ignore[misc,no-any-return]


AUTOMATIC = ("", "Automatic")


def provider_choices() -> list[tuple[str, str]]:
    return [AUTOMATIC, *Provider.objects.values_list("id", "name")]


def model_choices() -> list[tuple[str, str]]:
    """Every model_id once, with the names of the providers that have it, in selection order."""
    providers: dict[str, list[str]] = {}
    for model_id, name in Model.objects.values_list("model_id", "provider__name"):
        providers.setdefault(model_id, []).append(name)
    return [AUTOMATIC, *((model_id, f"{', '.join(names)}: {model_id}") for model_id, names in providers.items())]


class ExplainForm(forms.Form):
    """Shows what is asked; ``providers.status.explanation.read_order`` reads it. Names are those of Order."""

    provider = forms.ChoiceField(choices=provider_choices, required=False, widget=UnfoldAdminSelectWidget())
    model = forms.ChoiceField(choices=model_choices, required=False, widget=UnfoldAdminSelectWidget())
    when_full = forms.ChoiceField(
        label="If that is full", choices=WHEN_FULL, required=False, widget=UnfoldAdminSelectWidget()
    )
    tokens = forms.IntegerField(
        label="Tokens of a call",
        initial=TYPICAL_TOKENS,
        min_value=1,
        required=False,
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text="Prompt and answer together.",
    )
    schema = forms.ChoiceField(
        label="Answer",
        choices=[("true", "JSON, as batches ask"), ("false", "plain text")],
        required=False,
        widget=UnfoldAdminSelectWidget(),
    )
    priced_only = forms.ChoiceField(
        label="Under a cost cap",
        choices=[("false", "No"), ("true", "Yes")],
        required=False,
        widget=UnfoldAdminSelectWidget(),
    )
    urgency = forms.ChoiceField(
        choices=URGENCY_WORDS,
        initial=Urgency.NORMAL.word,
        required=False,
        widget=UnfoldAdminSelectWidget(),
    )
