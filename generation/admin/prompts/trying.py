"""A trial from the page of a version: one item with one model, right now."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from generation.actions.prompts.preview import preview
from generation.actions.prompts.trials import TrialRefused, run_trial
from generation.admin.prompts.contexts import trial_context
from generation.admin.prompts.forms import PreviewForm
from generation.models import PromptVersion


def try_item(request: HttpRequest, version: PromptVersion) -> dict[str, Any]:
    """What came of it, or why nothing was asked."""
    form = PreviewForm(request.POST)
    provider_id, _, model_id = request.POST.get("route", "").partition("/")
    try:
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        trial = run_trial(version, preview(form.order(version.number)), provider_id, model_id)
    except ValidationError as refusal:
        return {"refused": " ".join(refusal.messages)}
    except TrialRefused as refusal:
        return {"refused": str(refusal)}
    return trial_context(trial)
