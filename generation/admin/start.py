"""Starting a batch: the order form, what would come of it, and the clone of an earlier order."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from generation.actions import UNCONFIRMED_MAX, BatchOrder, start_batch
from generation.actions.forecast import OrderForecast, forecast
from generation.admin.order_form import OrderForm, new_seed, topic_groups
from generation.admin.order_initial import initial_from, initial_of
from generation.engine.estimates import words
from generation.engine.estimates.estimate import Estimate
from generation.engine.estimates.spread import Share, Spread
from generation.models import Batch
from generation.selectors.model_quality import DAYS
from providers.models import Provider

SHOWN_ERRORS_OF = ("provider", "model")
MANY = 6


class StartsBatches:
    """Mixed into the admin of batches: everything that happens before a batch is there."""

    admin_site: Any
    media: Any
    opts: Any

    def start_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [path("add/preview/", wrap(self.preview_view), name="generation_batch_preview")]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The order form. The action writes the batch, or says at which field the order is wrong."""
        self._require_may_start(request)
        if request.method != "POST":
            return self._order_page(request, OrderForm(initial=self._initial(request)))
        form = OrderForm(request.POST)
        order = form.order if form.is_valid() else None
        if order is not None:
            try:
                batch = start_batch(order, _person(request))
            except ValidationError:
                form.check(order)
            else:
                self.log_addition(request, batch, f"Started with {batch.count} samples.")  # type: ignore[attr-defined]
                messages.success(request, f"Batch {batch.pk} is started.")
                return HttpResponseRedirect(reverse("admin:generation_batch_change", args=[batch.pk]))
        return self._order_page(request, form)

    @method_decorator(require_POST)
    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """What would come of the form as it stands, and what is wrong with it. Nothing is written."""
        self._require_may_start(request)
        form = OrderForm(request.POST)
        form.is_valid()
        order = form.order
        if order is not None:
            form.check(order)
        context = {"form": form, **preview_context(form, order), "provider_url": _provider_url(request, order)}
        return TemplateResponse(request, "generation/admin/preview.html", context)

    def _initial(self, request: HttpRequest) -> dict[str, Any]:
        initial = {"seed": new_seed(), **initial_from(request.GET)}
        wanted = request.GET.get("from", "")
        if not wanted:
            return initial
        batch: Batch | None = self.get_object(request, wanted)  # type: ignore[attr-defined]
        if batch is None:
            messages.warning(request, "The batch to clone is not there. This is an empty order.")
            return initial
        if not self.has_view_or_change_permission(request, batch):  # type: ignore[attr-defined]
            raise PermissionDenied
        return initial_of(batch) | initial

    def _require_may_start(self, request: HttpRequest) -> None:
        if not self.has_add_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied

    def _order_page(self, request: HttpRequest, form: OrderForm) -> HttpResponse:
        for note in _lost(form):
            messages.warning(request, note)
        context = {
            **self.admin_site.each_context(request),
            "title": "Start a batch",
            "opts": self.opts,
            "media": self.media + form.media,
            "form": form,
            "topic_groups": list(topic_groups(form.known)),
            "confirm_above": UNCONFIRMED_MAX,
            "cloned_from": request.GET.get("from") if form["cloned_seed"].value() is not None else None,
        }
        return TemplateResponse(request, "generation/admin/start.html", context)


def preview_context(form: OrderForm, order: BatchOrder | None) -> dict[str, Any]:
    told = forecast(order) if order is not None and order.count > 0 else OrderForecast(None, None, None)
    context: dict[str, Any] = {
        "spread": told.spread,
        "topics": words.topic_words(told.spread) if told.spread else "",
        "axes": axes(told.spread) if told.spread else (),
        "start": told.start,
        "starts_with": words.name_of(told.start.route) if told.start and told.start.route else "",
        "hurdles": [
            (words.name_of(hurdle.route), hurdle.reason, hurdle.until)
            for hurdle in (told.start.hurdles if told.start else ())
        ],
        "is_asked_for": bool(order and order.provider),
        "route_problems": [problem for name in SHOWN_ERRORS_OF for problem in form.errors.get(name, ())],
    }
    if told.estimate is not None:
        context["estimate"] = estimate_context(told.estimate)
    return context | {"said": said(form, context)}


def estimate_context(estimate: Estimate) -> dict[str, Any]:
    seconds = estimate.seconds
    return {
        "time": words.time_words(seconds) if seconds else "",
        "ends": [timezone.now() + timedelta(seconds=each) for each in (seconds.low, seconds.high)] if seconds else (),
        "bound": words.limit_of(estimate),
        "days": words.days_words(estimate),
        "tokens": words.token_words(estimate.tokens),
        "cost": words.whole_cost_words(estimate),
        "prices": words.price_words(estimate),
        "shares": words.share_words(estimate),
        "basis": words.basis_words(estimate, DAYS),
        "caps": [sentence for _, sentence in words.cap_words(estimate)],
    }


def axes(spread: Spread) -> list[dict[str, Any]]:
    return [
        _axis("Jurisdictions", spread.jurisdictions),
        _axis("Difficulties", spread.difficulties),
        _axis("Sample types", spread.sample_types),
    ]


def said(form: OrderForm, context: dict[str, Any]) -> str:
    """The preview in one sentence, for who does not see it."""
    shown = {name: problems for name, problems in form.errors.items() if name in form.fields}
    wrong = [f"{form[name].label}: {' '.join(map(str, problems))}" for name, problems in shown.items()]
    if wrong:
        return " ".join(wrong)
    parts = [f"{context['spread'].count:,} samples"] if context["spread"] else []
    if estimate := context.get("estimate"):
        parts += [estimate["time"] or "no end in sight", estimate["tokens"], f"cost {estimate['cost']}"]
    caps = " ".join(context["estimate"]["caps"]) if "estimate" in context else ""
    return f"{', '.join(parts)}. {caps}".strip() if parts else ""


def _axis(name: str, shares: tuple[Share, ...]) -> dict[str, Any]:
    most = max((share.count for share in shares), default=1)
    return {"name": name, "shares": shares, "most": most, "is_long": len(shares) > MANY}


def _lost(form: OrderForm) -> list[str]:
    """What a clone or an address asks for that the form cannot offer, since it is gone or off."""
    if form.is_bound:
        return []
    provider, model = form.initial.get("provider") or "", form.initial.get("model") or ""
    offered = {group.provider_id: [model_id for model_id, _ in group.models] for group in form.model_groups}
    notes = []
    if provider and provider not in offered:
        notes.append(f"There is no provider '{provider}' that is on: the choice is automatic here.")
        form.initial["provider"] = ""
    if model and not any(model in models for models in offered.values()):
        notes.append(f"There is no model '{model}' that is on: the choice is automatic here.")
        form.initial["model"] = ""
    return notes


def _provider_url(request: HttpRequest, order: BatchOrder | None) -> str:
    """Where what keeps the provider from serving can be mended; empty for who may not see it."""
    if not request.user.has_perm("providers.view_provider"):
        return ""
    if order is not None and order.provider and Provider.objects.filter(pk=order.provider).exists():
        return reverse("admin:providers_provider_change", args=[order.provider])
    return reverse("admin:providers_provider_changelist")


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
    return request.user
