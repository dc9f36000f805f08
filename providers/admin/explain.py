"""Explain route: which routes an order would try now, why the others are skipped, and what can be done about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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

from providers.admin.forms import ExplainForm
from providers.admin.panels.registry import panel
from providers.admin.remedies import Links, ShownTrouble, links_of, shown
from providers.models import Provider
from providers.routing.admission import ScopeState
from providers.routing.config import ProviderEntry
from providers.routing.explaining.explanation import ExplainedRoute, Explanation, Reason, Turn
from providers.routing.route import Exclusion
from providers.status.explanation import AskedOrder, explain_order, read_order
from providers.status.health import states_of
from providers.status.troubles import suspended_scopes, trouble_of

URL_NAME = "admin:providers_provider_explain"
PANEL_ROUTES = 5
OF_PROVIDER = frozenset({Exclusion.PROVIDER_OFF, Exclusion.NO_KEY, Exclusion.KEY_UNREADABLE})
TURNS: Mapping[Turn, tuple[str, str]] = {
    Turn.NEXT: ("next", "success"),
    Turn.IN_LINE: ("waits for a place", "info"),
    Turn.FOLLOWS: ("would follow", "primary"),
    Turn.SKIPPED: ("skipped", ""),
}


@dataclass(frozen=True, slots=True)
class ShownRoute:
    explained: ExplainedRoute
    turn: str
    variant: str
    reasons: tuple[ShownTrouble, ...]


@dataclass(frozen=True, slots=True)
class ShownProvider:
    """Routes of one provider that follow each other, and the reasons that all of them share, said once."""

    provider: ProviderEntry
    because: str
    reasons: tuple[ShownTrouble, ...]
    routes: tuple[ShownRoute, ...]
    is_out: bool

    @property
    def start(self) -> int:
        return self.routes[0].explained.place or 1


def explain_context(request: HttpRequest, explanation: Explanation) -> dict[str, Any]:
    tried = [each for each in explanation.routes if each.place is not None]
    left_out = [each for each in explanation.routes if each.place is None]
    known = _known(request, explanation.routes)
    return {
        "explanation": explanation,
        "tried": [_shown(group, known) for group in _by_provider(tried)],
        "left_out": [_shown(group, known) for group in _by_provider(left_out)],
        "at": timezone.now(),
        "next_key": explanation.next.route.key if explanation.next else "",
        "has_providers": bool(explanation.routes) or Provider.objects.exists(),
        "may_add": request.user.has_perm("providers.add_provider"),
    }


def why_refused(explanation: Explanation, order: AskedOrder) -> str:
    """Why a new order of this kind would not be taken; empty where it would."""
    own = [each for each in explanation.routes if each.route.provider.id == order.provider]
    for each in own:
        for reason in each.reasons:
            if reason.kind in OF_PROVIDER:
                return reason.words
    asked = [each for each in own or explanation.routes if each.route.model.model_id == order.model]
    if order.model and not any(each.place for each in asked):
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
    order = AskedOrder(provider=provider.pk)
    try:
        explanation = explain_order(order)
    except ValidationError:  # deleted since
        return SafeString("")
    tried = [each for each in explanation.routes if each.place is not None]
    context = {
        "explanation": explanation,
        "tried": [_shown_route(each, (), Known()) for each in tried[:PANEL_ROUTES]],
        "unseen": max(0, len(tried) - PANEL_ROUTES),
        "refused": why_refused(explanation, order),
        "url": f"{reverse(URL_NAME)}?{urlencode({'provider': provider.pk})}",
    }
    return render_to_string("providers/admin/explain_panel.html", context)


def _by_provider(explained: Iterable[ExplainedRoute]) -> list[list[ExplainedRoute]]:
    grouped: dict[str, list[ExplainedRoute]] = {}
    for each in explained:
        grouped.setdefault(each.route.provider.id, []).append(each)
    return list(grouped.values())


@dataclass(frozen=True, slots=True)
class Known:
    """What the reasons are told with: the failures behind suspensions, and where this person may mend them."""

    states: Mapping[str, ScopeState] = field(default_factory=dict)
    links: Links = field(default_factory=Links)


def _known(request: HttpRequest, explained: Sequence[ExplainedRoute]) -> Known:
    provider_ids = {each.route.provider.id for each in explained}
    return Known(states_of(suspended_scopes(explained)), links_of(request, provider_ids))


def _shown(explained: Sequence[ExplainedRoute], known: Known) -> ShownProvider:
    provider = explained[0].route.provider
    shared = [
        reason
        for reason in explained[0].reasons
        if reason.scope == provider.id and all(reason in each.reasons for each in explained)
    ]
    return ShownProvider(
        provider,
        explained[0].provider_because,
        tuple(_shown_reason(reason, known) for reason in shared),
        tuple(
            _shown_route(each, [reason for reason in each.reasons if reason not in shared], known) for each in explained
        ),
        any(reason.kind in OF_PROVIDER for reason in shared),
    )


def _shown_route(explained: ExplainedRoute, reasons: Iterable[Reason], known: Known) -> ShownRoute:
    words, variant = TURNS[explained.turn]
    return ShownRoute(explained, words, variant, tuple(_shown_reason(reason, known) for reason in reasons))


def _shown_reason(reason: Reason, known: Known) -> ShownTrouble:
    return shown(trouble_of(reason, known.states.get(reason.scope)), known.links)
