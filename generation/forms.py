"""The forms that start a batch and raise its caps. They shape what is asked; ``generation.actions`` judges it."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldBooleanWidget,
)

from generation.actions import UNCONFIRMED_MAX, BatchOrder
from generation.cap_rules import CapChange
from generation.choices import WHEN_FULL
from generation.models import Batch
from providers.models import Model, Provider
from providers.routing.policy import WhenFull
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


class CapsForm(forms.Form):
    """Field names are those of BatchOrder and CapChange."""

    token_cap = forms.IntegerField(
        label="At most so many tokens",
        required=False,
        min_value=1,
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text="It pauses there and says so. Empty: no cap.",
    )
    cost_cap = forms.DecimalField(
        label="At most so much money",
        required=False,
        widget=UnfoldAdminDecimalFieldWidget(),
        help_text="In the currency of your models' prices. Only models with prices are called then. Empty: no cap.",
    )

    @classmethod
    def of(cls, batch: Batch) -> "CapsForm":
        cost_cap = None if batch.cost_cap is None else f"{batch.cost_cap.normalize():f}"
        return cls(initial={"token_cap": batch.token_cap, "cost_cap": cost_cap})

    @property
    def change(self) -> CapChange:
        """What was sent; a cap whose field was not sent stays."""
        return CapChange(**{name: value for name, value in self.cleaned_data.items() if name in self.data})


class OrderForm(CapsForm):
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
    when_full = forms.ChoiceField(
        label="When the first choice is full",
        choices=WHEN_FULL,
        required=False,
        widget=UnfoldAdminSelectWidget(),
        help_text="It is at its limit and another could go. Automatic: wait a few seconds, else use the next one.",
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
            when_full=cleaned["when_full"] or WhenFull.AUTO.value,
            token_cap=cleaned["token_cap"],
            cost_cap=cleaned["cost_cap"],
            confirmed=cleaned["confirmed"],
        )

    def take(self, refusal: ValidationError) -> None:
        """Show what the action refused, each at its field."""
        fields = refusal.message_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.messages}
        for field, messages in fields.items():
            for message in messages:
                self.add_error(field if field in self.fields else None, message)
