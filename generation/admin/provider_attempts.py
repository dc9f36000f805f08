"""The last calls to a provider or a model, and how good a model's answers are, on its own page: panels."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from generation.models import Attempt
from generation.selectors import model_quality
from providers.admin.panels.registry import panel
from providers.models import Model, Provider
from providers.permissions import has

SHOWN = 20
COLUMNS = (
    "id, batch_id, provider, model, model_answered, outcome, status_code, rules, detail, prompt_tokens, "
    "completion_tokens, cached_tokens, reasoning_tokens, latency_ms"
)

# The index on provider, model and time is walked backwards for each model, and no further than what is shown.
LAST = f"""
SELECT recent.*, EXISTS (SELECT FROM batches WHERE batches.id = recent.batch_id) AS has_batch FROM models
CROSS JOIN LATERAL (
    SELECT {COLUMNS}, started_at FROM attempts
    WHERE attempts.provider = models.provider_id AND attempts.model = models.model_id
    ORDER BY attempts.started_at DESC
    LIMIT %(shown)s
) AS recent
WHERE models.provider_id = %(provider)s AND (%(model)s::text IS NULL OR models.model_id = %(model)s)
ORDER BY recent.started_at DESC, recent.id DESC
LIMIT %(shown)s
"""  # noqa: S608 - of constants


def last_attempts(provider_id: str, model_id: str | None = None) -> list[Attempt]:
    """Newest first, of the models that there are now; ``has_batch`` says whether its batch is there. One query."""
    values = {"provider": provider_id, "model": model_id, "shown": SHOWN}
    return list(Attempt.objects.raw(LAST, values))


@panel(Provider, place=60)
def attempts_of_provider(request: HttpRequest, provider: Provider) -> SafeString:
    if not has(request.user, "generation.view_batch"):
        return SafeString("")
    return _rendered({"attempts": last_attempts(provider.pk), "has_model": True})


@panel(Model, place=60)
def attempts_of_model(request: HttpRequest, model: Model) -> SafeString:
    if not has(request.user, "generation.view_batch"):
        return SafeString("")
    judged = model_quality.model_quality(model.pk)
    context = {
        "attempts": last_attempts(model.provider_id, model.model_id),
        "quality": judged,
        "percent": None if judged is None or judged.quality is None else round(100 * judged.quality, 1),
        "first_percent": None if judged is None or judged.first_pass is None else round(100 * judged.first_pass, 1),
        "broken": model_quality.broken_rules(model.pk).get(model.pk, {}),
        "days": model_quality.DAYS,
    }
    return _rendered(context)


def _rendered(context: dict[str, Any]) -> SafeString:
    return render_to_string("generation/admin/last_attempts.html", context)
