"""What the pages of the prompts' wording show."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from generation.actions.prompts.preview import Preview, preview
from generation.actions.prompts.trials import draft_of
from generation.admin.prompts.forms import LABELS, PreviewForm, routes
from generation.engine.wording.differences import Difference, differences
from generation.engine.wording.texts import NAMES, PromptTexts
from generation.models import PromptTrial, PromptVersion
from providers.routing.explaining.money import Spending
from samples import vocabulary
from samples.taxonomy.words import names_in

TRIALS_SHOWN = 20
CHOICES_SHOWN = 5
LONG = ("answer", "messages", "findings")


@dataclass(frozen=True, slots=True)
class ShownText:
    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """Between two versions; no texts where they are the same. ``title`` says which two."""

    id: str
    title: str
    texts: tuple[tuple[str, Difference], ...]


def shown_texts(texts: PromptTexts) -> list[ShownText]:
    return [ShownText(name, LABELS[name], getattr(texts, name)) for name in NAMES]


def labelled(found: Iterable[Difference]) -> tuple[tuple[str, Difference], ...]:
    return tuple((LABELS[each.name], each) for each in found)


def shown_differences(version: PromptVersion, current: PromptVersion) -> list[ShownDifference]:
    """To the version that it was made from, and to the current one where that is another."""
    others = {"parent": version.parent, "current": current}
    if current.number in (version.parent_id, version.number):
        del others["current"]
    return [
        ShownDifference(
            name, f"From version {other.number} to {version.number}", labelled(differences(other.texts, version.texts))
        )
        for name, other in others.items()
        if other is not None
    ]


def preview_context(form: PreviewForm, version: PromptVersion) -> dict[str, Any]:
    """What is sent for the item that the form names, or what is wrong with it."""
    try:
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        shown = preview(form.order(version.number))
    except ValidationError as refusal:
        problems = [f"{name.replace('_', ' ')}: {' '.join(said)}" for name, said in refusal.message_dict.items()]
        return {"problems": [problem[:1].upper() + problem[1:] for problem in problems]}
    return {"shown": shown, "names": names_of(shown), "schema": schema_text(shown)}


def names_of(shown: Preview) -> str:
    """What people call the kind of the sample."""
    names = names_in(vocabulary.current())
    words = ((name, getattr(shown.spec, name)) for name in ("sample_type", "difficulty", "jurisdiction"))
    return ", ".join(names[name].get(word, word) for name, word in words)


def schema_text(shown: Preview) -> str:
    schema = shown.request.schema
    return json.dumps(schema.schema, indent=2) if schema else ""


def trial_context(trial: PromptTrial) -> dict[str, Any]:
    draft = draft_of(trial)
    fields = list(asdict(draft).items()) if draft else []
    return {"trial": trial, "draft": fields, "cost": cost_words(trial), "attempt": trial}


def cost_words(trial: PromptTrial) -> str:
    return Spending(trial.cost or Decimal(0), int(trial.cost is None)).words


def version_context(request: HttpRequest, version: PromptVersion, current: PromptVersion) -> dict[str, Any]:
    form = PreviewForm(request.GET or {"number": 1, "seed": 0})
    may_add = request.user.has_perm("generation.add_promptversion")
    return {
        "version": version,
        "current": current,
        "choices": version.choices.all()[:CHOICES_SHOWN],
        "texts": shown_texts(version.texts),
        "differences": shown_differences(version, current),
        "form": form,
        **preview_context(form, version),
        "routes": routes() if may_add else [],
        "trials": [(trial, cost_words(trial)) for trial in version.trials.defer(*LONG)[:TRIALS_SHOWN]],
        "may_add": may_add,
        "may_choose": request.user.has_perm("generation.change_promptversion"),
    }
