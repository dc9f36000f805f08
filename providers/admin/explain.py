"""Explain route: which routes an order would try now, why the others are skipped, and what can be done about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from providers.admin.panels import panel
from providers.explain import Order, explain_order, read_order
from providers.explanations import ends_at
from providers.forms import ExplainForm
from providers.models import Model, Provider
from providers.routing.admission import Obstacle
from providers.routing.config import ProviderEntry
from providers.routing.explain import Explanation, Reason, Step, Verdict
from providers.routing.route import Exclusion

URL_NAME = "admin:providers_provider_explain"
PANEL_STEPS = 5
LONG_S = 60.0
OF_PROVIDER = frozenset({Exclusion.PROVIDER_OFF, Exclusion.NO_KEY, Exclusion.KEY_UNREADABLE})
VERDICTS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.NEXT: ("next", "success"),
    Verdict.IN_LINE: ("waits for a place", "info"),
    Verdict.FOLLOWS: ("would follow", "primary"),
    Verdict.SKIPPED: ("skipped", ""),
}


REMEDIES: Mapping[str, str] = {
    "enabled": "Switch it on",
    "api_key": "Enter a key",
    "input_price": "Enter its prices",
    "requests_per_minute": "Change the limit",
    "tokens_per_minute": "Change the limit",
    "requests_per_day": "Change the limit",
    "max_concurrency": "Raise its ceiling of calls at once",
    "pacing": "Change its pacing",
}
OF_A_SUSPENSION: Mapping[str, str] = {"api_key": "Check its key and address", "enabled": "Check the model"}


@dataclass(frozen=True, slots=True)
class ShownReason:
    """``remedy`` is shown where the person may do it: there is a ``url`` then."""

    words: str
    scope: str
    until: datetime | None
    remedy: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownStep:
    step: Step
    verdict: str
    variant: str
    reasons: tuple[ShownReason, ...]


@dataclass(frozen=True, slots=True)
class ShownProvider:
    """Steps of one provider that follow each other, and the reasons that all of them share, said once."""

    provider: ProviderEntry
    because: str
    reasons: tuple[ShownReason, ...]
    steps: tuple[ShownStep, ...]
    is_out: bool

    @property
    def start(self) -> int:
        return self.steps[0].step.place or 1


def explain_context(request: HttpRequest, explanation: Explanation) -> dict[str, Any]:
    tried = [step for step in explanation.steps if step.place is not None]
    left_out = [step for step in explanation.steps if step.place is None]
    urls = _urls(request, explanation.steps)
    return {
        "explanation": explanation,
        "tried": [_shown(group, urls) for group in _by_provider(tried)],
        "left_out": [_shown(group, urls) for group in _by_provider(left_out)],
        "at": timezone.now(),
        "next_key": explanation.next.route.key if explanation.next else "",
        "has_providers": bool(explanation.steps) or Provider.objects.exists(),
        "may_add": request.user.has_perm("providers.add_provider"),
    }


def why_refused(explanation: Explanation, order: Order) -> str:
    """Why a new order of this kind would not be taken; empty where it would."""
    own = [step for step in explanation.steps if step.route.provider.id == order.provider]
    for step in own:
        for reason in step.reasons:
            if reason.code in OF_PROVIDER:
                return reason.words
    asked = [step for step in own or explanation.steps if step.route.model.model_id == order.model]
    if order.model and not any(step.place for step in asked):
        return f"No model {order.model} can be asked"
    return ""


@require_safe
def explain_page(request: HttpRequest, *, site: AdminSite, may_view: bool) -> HttpResponse:
    """The form and what it asks for; for htmx the answer alone."""
    if not may_view:
        raise PermissionDenied
    context: dict[str, Any] = {"errors": {}, "address": request.get_full_path()}
    try:
        order = read_order(request.GET.dict())
        explanation = explain_order(order)
        context |= {**explain_context(request, explanation), "refused": why_refused(explanation, order)}
    except ValidationError as refusal:
        context["errors"] = refusal.message_dict
    if request.headers.get("HX-Request"):
        return TemplateResponse(request, "providers/admin/explained.html", context)
    form = ExplainForm(initial=request.GET.dict())
    context |= {
        **site.each_context(request),
        "title": "Explain route",
        "subtitle": None,
        "form": form,
        "fields": [(field, context["errors"].get(field.name, ())) for field in form],
        "other_errors": [
            f"{name}: {' '.join(messages)}" for name, messages in context["errors"].items() if name not in form.fields
        ],
    }
    return TemplateResponse(request, "providers/admin/explain.html", context)


@panel(Provider, place=60)
def explain_panel(request: HttpRequest, provider: Provider) -> SafeString:
    """What a batch would do that asks for this provider."""
    order = Order(provider=provider.pk)
    try:
        explanation = explain_order(order)
    except ValidationError:  # deleted meanwhile
        return SafeString("")
    tried = [step for step in explanation.steps if step.place is not None]
    context = {
        "explanation": explanation,
        "tried": [_shown_step(step, (), {}) for step in tried[:PANEL_STEPS]],
        "unseen": max(0, len(tried) - PANEL_STEPS),
        "refused": why_refused(explanation, order),
        "url": f"{reverse(URL_NAME)}?{urlencode({'provider': provider.pk})}",
    }
    return render_to_string("providers/admin/explain_panel.html", context)


def _by_provider(steps: Iterable[Step]) -> list[list[Step]]:
    grouped: dict[str, list[Step]] = {}
    for step in steps:
        grouped.setdefault(step.route.provider.id, []).append(step)
    return list(grouped.values())


def _shown(steps: Sequence[Step], urls: Mapping[str, str]) -> ShownProvider:
    provider = steps[0].route.provider
    shared = [
        reason
        for reason in steps[0].reasons
        if reason.scope == provider.id and all(reason in step.reasons for step in steps)
    ]
    return ShownProvider(
        provider,
        steps[0].provider_because,
        tuple(_shown_reason(reason, urls) for reason in shared),
        tuple(_shown_step(step, [each for each in step.reasons if each not in shared], urls) for step in steps),
        any(reason.code in OF_PROVIDER for reason in shared),
    )


def _shown_step(step: Step, reasons: Iterable[Reason], urls: Mapping[str, str]) -> ShownStep:
    words, variant = VERDICTS[step.verdict]
    return ShownStep(step, words, variant, tuple(_shown_reason(reason, urls) for reason in reasons))


def _shown_reason(reason: Reason, urls: Mapping[str, str]) -> ShownReason:
    until = ends_at(reason.wait_s) if reason.wait_s and reason.wait_s >= LONG_S else None
    remedies = OF_A_SUSPENSION if reason.code is Obstacle.SUSPENDED else REMEDIES
    remedy, page = remedies.get(reason.setting, ""), urls.get(reason.scope, "")
    return ShownReason(reason.words, reason.scope, until, remedy, f"{page}#id_{reason.setting}" if page else "")


def _urls(request: HttpRequest, steps: Sequence[Step]) -> dict[str, str]:
    """Scope -> the page on which this person may change it."""
    urls: dict[str, str] = {}
    provider_ids = {step.route.provider.id for step in steps}
    if request.user.has_perm("providers.change_provider"):
        urls |= {pk: reverse("admin:providers_provider_change", args=[pk]) for pk in provider_ids}
    if request.user.has_perm("providers.change_model") and provider_ids:
        rows = Model.objects.filter(provider_id__in=provider_ids).values_list("provider_id", "model_id", "pk")
        urls |= {
            f"{provider_id}/{model_id}": reverse("admin:providers_model_change", args=[pk])
            for provider_id, model_id, pk in rows
        }
    return urls
