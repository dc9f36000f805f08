"""What is typed on the pages of the prompts' wording. Forms shape it; ``generation.actions.prompts`` judges it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from generation.actions.prompts.preview import PreviewOrder
from generation.actions.prompts.versions import version_errors
from generation.engine.wording.texts import NAMES, PromptTexts
from providers.configuration import snapshot
from providers.routing.route import chain
from samples import vocabulary

LABELS: Mapping[str, str] = {
    "system": "System message",
    "sample": "What one sample must be",
    "reask": "After a wrong answer",
    "phrases": "Phrases",
}
HELP: Mapping[str, str] = {
    "system": "The same for every item. No $names are filled in.",
    "sample": "The message of the user. Its $names are filled in for each item.",
    "reask": "Sent to the same model with its wrong answer; $problems says what is wrong with it.",
    "phrases": "TOML. What $names such as $structure become: the item decides which phrase of a group is used.",
}
ROWS: Mapping[str, int] = {"system": 16, "sample": 24, "reask": 6, "phrases": 30}
ANY = ("", "Any")


def jurisdictions() -> list[tuple[str, str]]:
    return [ANY, *((entry.id, entry.name) for entry in vocabulary.current().jurisdictions)]


def sample_types() -> list[tuple[str, str]]:
    return [ANY, *((entry.id, entry.name) for entry in vocabulary.current().sample_types)]


def difficulties() -> list[tuple[str, str]]:
    return [
        ("", "The topic's usual one"),
        *((entry.id, entry.name) for entry in vocabulary.current().difficulties),
    ]


def topics() -> list[Any]:
    known = vocabulary.current()
    groups = [
        (entry.name, [(topic.name, topic.name) for topic in known.topics if topic.jurisdiction == entry.id])
        for entry in known.jurisdictions
    ]
    return [ANY, *groups]


def routes() -> list[tuple[str, str]]:
    """The models that can be asked now, in the order of trying, by provider and model."""
    return [(route.key, f"{route.provider.name}: {route.model.model_id}") for route in chain(snapshot.load())]


class PreviewForm(forms.Form):
    """Which item is shown. Names are those of PreviewOrder."""

    jurisdiction = forms.ChoiceField(choices=jurisdictions, required=False, widget=UnfoldAdminSelectWidget())
    topic = forms.ChoiceField(choices=topics, required=False, widget=UnfoldAdminSelectWidget())
    sample_type = forms.ChoiceField(choices=sample_types, required=False, widget=UnfoldAdminSelectWidget())
    difficulty = forms.ChoiceField(choices=difficulties, required=False, widget=UnfoldAdminSelectWidget())
    number = forms.IntegerField(
        label="Item", initial=1, required=False, widget=UnfoldAdminIntegerFieldWidget(), help_text="Its number."
    )
    seed = forms.IntegerField(
        initial=0, required=False, widget=UnfoldAdminIntegerFieldWidget(), help_text="Of the batch that it is in."
    )
    instruction = forms.CharField(
        required=False, widget=UnfoldAdminTextInputWidget(), help_text="That of a batch, added to the prompt."
    )

    def order(self, version: int) -> PreviewOrder:
        """The form must be valid."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        return PreviewOrder(**given, prompt_version=version)


class EditForm(forms.Form):
    """Field names are those of the texts, so that what the action refuses is shown at its field."""

    note = forms.CharField(
        label="What is different, and why",
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text="Read in the list of versions, and where a batch is ordered.",
    )
    parent = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NAMES:
            attributes = {"rows": ROWS[name], "spellcheck": "false", "aria-describedby": f"help-{name} error-{name}"}
            widget = UnfoldAdminTextareaWidget(attrs=attributes)
            self.fields[name] = forms.CharField(
                label=LABELS[name], help_text=HELP[name], required=False, widget=widget, strip=False
            )
        self.fields["note"].widget.attrs["aria-describedby"] = "help-note error-note"

    @property
    def texts(self) -> PromptTexts:
        """As they stand in the form, valid or not."""
        return PromptTexts.of({name: self.data.get(name, "") for name in NAMES})

    def check(self) -> None:
        """Show what the action would refuse, each at its field."""
        for field, problems in version_errors(self.texts, self.data.get("note", "")).items():
            for problem in problems:
                self.add_error(field, problem)
