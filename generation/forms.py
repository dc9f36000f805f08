"""The form that starts a batch. It shapes the order; ``generation.actions`` judges it."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldBooleanWidget,
)

from generation.actions import UNCONFIRMED_MAX, BatchOrder
from providers.models import Model, Provider
from samples import choices
from samples.taxonomy import taxonomy

AUTOMATIC = ("", "Automatic")
ALL = "None chosen means all of them."


def provider_choices() -> list[tuple[str, str]]:
    return [AUTOMATIC, *Provider.objects.enabled().values_list("id", "name")]


def model_choices() -> list[tuple[str, Any]]:
    """Enabled models, each with its provider's name, in selection order."""
    models = Model.objects.enabled().select_related("provider")
    return [AUTOMATIC, *((model.model_id, f"{model.provider.name}: {model}") for model in models)]


def topic_choices() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for jurisdiction in taxonomy().jurisdictions:
        names = sorted({topic.name for topic in taxonomy().topics if topic.jurisdiction == jurisdiction.id})
        yield jurisdiction.name, [(name, name) for name in names]


class OrderForm(forms.Form):
    """Field names are those of BatchOrder, so that what the action refuses is shown at its field."""

    count = forms.IntegerField(label="Samples", min_value=1, initial=20, widget=UnfoldAdminIntegerFieldWidget())
    confirmed = forms.BooleanField(
        label=f"Yes, more than {UNCONFIRMED_MAX:,} samples", required=False, widget=UnfoldBooleanWidget()
    )
    provider = forms.ChoiceField(
        choices=provider_choices,
        required=False,
        widget=UnfoldAdminSelectWidget(),
        help_text="Automatic: the first in order that is on, has its key and is not suspended. The others follow.",
    )
    model = forms.ChoiceField(
        choices=model_choices,
        required=False,
        widget=UnfoldAdminSelectWidget(),
        help_text="Automatic: the champion, else the default, then the others in order.",
    )
    jurisdictions = forms.MultipleChoiceField(
        choices=choices.JURISDICTIONS,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text=ALL,
    )
    difficulties = forms.MultipleChoiceField(
        choices=choices.DIFFICULTIES,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text="None chosen means each topic's usual one.",
    )
    topics = forms.MultipleChoiceField(
        choices=topic_choices, required=False, widget=UnfoldAdminSelect2MultipleWidget(), help_text=ALL
    )
    sample_types = forms.MultipleChoiceField(
        choices=choices.SAMPLE_TYPES, required=False, widget=UnfoldAdminSelect2MultipleWidget(), help_text=ALL
    )
    instruction = forms.CharField(
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text="Added to every prompt, in your own words.",
    )

    @property
    def order(self) -> BatchOrder:
        cleaned = self.cleaned_data
        return BatchOrder(
            count=cleaned["count"],
            provider=cleaned["provider"],
            model=cleaned["model"],
            jurisdictions=tuple(cleaned["jurisdictions"]),
            topics=tuple(cleaned["topics"]),
            difficulties=tuple(cleaned["difficulties"]),
            sample_types=tuple(cleaned["sample_types"]),
            instruction=cleaned["instruction"],
            confirmed=cleaned["confirmed"],
        )

    def take(self, refusal: ValidationError) -> None:
        """Show what the action refused, each at its field."""
        fields = refusal.message_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.messages}
        for field, messages in fields.items():
            for message in messages:
                self.add_error(field if field in self.fields else None, message)
