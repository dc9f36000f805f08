"""The form that starts a batch. It shapes what is asked; ``generation.actions`` judges it."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from generation.actions import (
    CONFIRMED_MAX,
    ITEM_BUDGET,
    ITEM_BUDGET_MAX,
    SEED_MAX,
    UNCONFIRMED_MAX,
    BatchOrder,
    order_errors,
)
from generation.admin.cap_form import CapsForm
from generation.engine.estimates.spread import left_out
from generation.engine.planning.ordered import mix_of
from generation.engine.planning.weights import TYPED, Weights, weights_in
from generation.models import PromptVersion
from providers.models import Model, Provider
from providers.routing.limits.urgency import Urgency
from providers.routing.policy import WhenFull
from samples import vocabulary
from samples.taxonomy import Taxonomy

AUTOMATIC = ("", "Automatic")
ALL = "None chosen means all of them."
WHEN_FULL_EXPLAINED = [
    (WhenFull.AUTO.value, "Automatic: wait a few seconds for it, else use the next one."),
    (WhenFull.STAY.value, "Wait for it: as long as its limit per minute asks. The others step in only for faults."),
    (WhenFull.SPILL.value, "Use the next one at once: the fastest way, with answers of several models."),
]
URGENCY_EXPLAINED = [
    (Urgency.LOW.word, "Low: with what the others leave."),
    (Urgency.NORMAL.word, "Normal."),
    (Urgency.URGENT.word, "Urgent: before all others."),
]
WEIGHTS_MAX = 2_000
VERSIONS_SHOWN = 100
NOTE_SHOWN = 60
LISTS = ("jurisdictions", "topics", "difficulties", "sample_types")


@dataclass(frozen=True, slots=True)
class PracticeArea:
    name: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicGroup:
    """A jurisdiction's topics, by practice area. ``homes`` are the ids by which it or a part of it is chosen."""

    jurisdiction: str
    homes: tuple[str, ...]
    name: str
    areas: tuple[PracticeArea, ...]

    @property
    def count(self) -> int:
        return sum(len(area.topics) for area in self.areas)


@dataclass(frozen=True, slots=True)
class ModelGroup:
    """A provider that is on, with its models that are."""

    provider_id: str
    name: str
    models: tuple[tuple[str, str], ...]


def topic_groups(known: Taxonomy) -> Iterator[TopicGroup]:
    """Of each jurisdiction that has topics: a part of another has its topics there."""
    for jurisdiction in known.jurisdictions:
        own = [topic for topic in known.topics if topic.jurisdiction == jurisdiction.id]
        if not own:
            continue
        areas = dict.fromkeys(topic.practice_area for topic in own)
        yield TopicGroup(
            jurisdiction.id,
            known.with_parts([jurisdiction.id]),
            jurisdiction.name,
            tuple(
                PracticeArea(area, tuple(topic.name for topic in own if topic.practice_area == area)) for area in areas
            ),
        )


def model_groups() -> list[ModelGroup]:
    """In selection order. Two queries."""
    providers = Provider.objects.enabled().order_by("order").values_list("id", "name")
    by_provider: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for model in Model.objects.enabled().order_by("fallback_priority"):
        by_provider[model.provider_id].append((model.model_id, str(model)))
    return [ModelGroup(provider_id, name, tuple(by_provider[provider_id])) for provider_id, name in providers]


class Boxes(forms.CheckboxSelectMultiple):
    use_fieldset = True


class OrderForm(CapsForm):
    """Field names are those of BatchOrder, so that what the action refuses is shown at its field.

    ``seed`` is drawn when the form is opened: so the spread that is previewed is the one that the batch gets. A clone
    brings its batch's own as ``cloned_seed``, which ``same_plan`` takes instead.
    """

    count = forms.IntegerField(label="Samples", min_value=1, initial=20, widget=UnfoldAdminIntegerFieldWidget())
    confirmed = forms.BooleanField(label=f"Yes, more than {UNCONFIRMED_MAX:,} samples", required=False)
    provider = forms.ChoiceField(
        required=False,
        widget=UnfoldAdminSelectWidget(),
        help_text="Automatic: the first in order that is on, has its key and is not suspended. The others follow.",
    )
    model = forms.ChoiceField(
        required=False,
        widget=UnfoldAdminSelectWidget(),
        help_text="Automatic: the champion, else the default, then the others in order.",
    )
    when_full = forms.ChoiceField(
        label="When the first choice is full",
        choices=WHEN_FULL_EXPLAINED,
        required=False,
        initial=WhenFull.AUTO.value,
        widget=forms.RadioSelect,
        help_text="Full means: it is at its limit, and another could go.",
    )
    urgency = forms.ChoiceField(
        label="Urgency",
        choices=URGENCY_EXPLAINED,
        required=False,
        initial=Urgency.NORMAL.word,
        widget=forms.RadioSelect,
        help_text="Where batches wait for the same limit, the more urgent one goes first. You can change it later.",
    )
    jurisdictions = forms.MultipleChoiceField(required=False, widget=Boxes, help_text=ALL)
    difficulties = forms.MultipleChoiceField(
        required=False, widget=Boxes, help_text="None chosen means each topic's usual one."
    )
    topics = forms.MultipleChoiceField(required=False, widget=Boxes, help_text=ALL)
    sample_types = forms.MultipleChoiceField(required=False, widget=Boxes, help_text=ALL)
    weights = forms.CharField(
        required=False,
        max_length=WEIGHTS_MAX,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=f"How often words of the mix come beside each other, such as {TYPED}. Absent is 1, and 0 is never.",
    )
    instruction = forms.CharField(
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text="Added to every prompt, in your own words.",
    )
    prompt_version = forms.TypedChoiceField(
        label="Version of the prompts",
        required=False,
        coerce=int,
        empty_value=None,
        widget=UnfoldAdminSelectWidget(),
        help_text="In whose words the samples are asked for. The batch keeps it.",
    )
    item_budget = forms.IntegerField(
        label="Wrong answers that one sample may cost",
        required=False,
        min_value=1,
        max_value=ITEM_BUDGET_MAX,
        initial=ITEM_BUDGET,
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text="Then it counts as failed.",
    )
    seed = forms.IntegerField(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    cloned_seed = forms.IntegerField(required=False, widget=forms.HiddenInput())
    same_plan = forms.BooleanField(
        label="Same plan again",
        required=False,
        help_text="The same topics and scenarios in the same order, as long as the mix stays as it is.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.model_groups = model_groups()
        groups = [(group.name, list(group.models)) for group in self.model_groups]
        self._choose("provider", [AUTOMATIC, *((group.provider_id, group.name) for group in self.model_groups)])
        self._choose("model", [AUTOMATIC, *groups])
        self.known = vocabulary.current()
        for name in ("jurisdictions", "difficulties", "sample_types"):
            self._choose(name, [(entry.id, entry.name) for entry in getattr(self.known, name)])
        self._choose("topics", [(topic.name, topic.name) for topic in self.known.topics])
        self._offer_versions()
        for name, field in self.fields.items():
            described_by = f"help-{name} error-{name}" if field.help_text else f"error-{name}"
            field.widget.attrs["aria-describedby"] = described_by

    def _offer_versions(self) -> None:
        """Where there is but one, there is nothing to choose."""
        numbers = list(PromptVersion.objects.values_list("number", "note")[:VERSIONS_SHOWN])
        if len(numbers) < 2:
            del self.fields["prompt_version"]
            return
        named = [
            (number, f"{number}: {shorten(note, NOTE_SHOWN)}" if note else str(number)) for number, note in numbers
        ]
        self._choose("prompt_version", [("", "The current one"), *named])

    def _choose(self, name: str, options: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = options

    def clean_weights(self) -> Weights:
        try:
            return weights_in(self.cleaned_data["weights"], self.known)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

    @property
    def order(self) -> BatchOrder | None:
        """What is asked for, as far as it makes sense; None where not even the number of samples does."""
        cleaned = self.cleaned_data
        if "count" not in cleaned:
            return None
        lists: dict[str, Any] = {name: tuple(cleaned.get(name, ())) for name in LISTS}
        has_old_seed = cleaned.get("same_plan") and cleaned.get("cloned_seed") is not None
        return BatchOrder(
            count=cleaned["count"],
            provider=cleaned.get("provider", ""),
            model=cleaned.get("model", ""),
            instruction=cleaned.get("instruction", ""),
            prompt_version=cleaned.get("prompt_version"),
            item_budget=cleaned.get("item_budget") or ITEM_BUDGET,
            seed=cleaned.get("cloned_seed" if has_old_seed else "seed"),
            weights=cleaned.get("weights", {}),
            when_full=cleaned.get("when_full") or WhenFull.AUTO.value,
            urgency=cleaned.get("urgency") or Urgency.NORMAL.word,
            token_cap=cleaned.get("token_cap"),
            cost_cap=cleaned.get("cost_cap"),
            confirmed=cleaned.get("confirmed", False),
            **lists,
        )

    def check(self, order: BatchOrder) -> None:
        """Show what the action would refuse, each at its field, where the form has not found fault with it already."""
        for field, problem in errors_in_form(order, self.known).items():
            if field not in self.errors:
                self.add_error(field if field in self.fields else None, problem)


def errors_in_form(order: BatchOrder, known: Taxonomy) -> dict[str, str]:
    """Why the order would be refused, by field; where the remedy is on the form itself, in the form's own words."""
    errors = order_errors(order, known)
    if "count" in errors and UNCONFIRMED_MAX < order.count <= CONFIRMED_MAX:
        errors["count"] = f"More than {UNCONFIRMED_MAX:,} at once must be confirmed: tick the box below."
    if "topics" in errors and (outside := left_out(mix_of(order), known)):
        errors["topics"] = (
            f"Outside the jurisdictions chosen: {', '.join(outside)}. Choose their jurisdiction too, or take them out."
        )
    return errors


def new_seed() -> int:
    return random.randrange(SEED_MAX)  # noqa: S311 - variety, not secrecy
