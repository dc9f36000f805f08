"""How models stand at their vendors, as pages tell it, and the buttons for it: replace what is retired, fill in what is
known. A page states what will happen; the button sends which models it spoke of, and nothing else is touched."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from providers import actions
from providers.actions.replacing import in_words
from providers.admin import row_views
from providers.models import Model, Provider
from providers.status import standing_words
from providers.status.standings import ModelStanding, Standings

RIGHTS = ("providers.change_model", "providers.add_model", "providers.change_provider")
"""To replace a model is to add one, to switch one off, and to change where its provider starts."""
NAMED = 3
NOT_A_NUMBER = "Give the numbers of models, as the page does."
TAKE_BACK = "What was replaced is kept, switched off: switch it on again, and off what came for it, to take this back."


@dataclass(frozen=True, slots=True)
class Line:
    """One model: how it stands, by which source, and what replacing it would come to."""

    model: Model
    what: str
    source: str
    plan: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The standings of a provider's models, as a page lists them."""

    provider: Provider
    headline: str
    retired: tuple[Line, ...]
    ending: tuple[Line, ...]
    unsure: tuple[Line, ...]
    gone: tuple[Line, ...]
    new: tuple[str, ...]
    found: Standings


def shown(found: Standings, models: Iterable[Model]) -> Shown:
    """``models`` are all of the provider's."""
    own = list(models)
    return Shown(
        found.provider,
        standing_words.headline(found),
        tuple(_lines(found, own, found.retired)),
        tuple(_lines(found, own, found.ending)),
        tuple(_lines(found, own, found.unsure)),
        tuple(_lines(found, own, found.gone)),
        found.new,
        found,
    )


def may_replace(request: HttpRequest) -> bool:
    return request.user.has_perms(RIGHTS)


def today() -> date:
    return timezone.localdate()


def urls_of_models(model_admin: Any) -> list[URLPattern]:
    view = model_admin.admin_site.admin_view(require_POST(replace))
    return [path("replace/", view, name="providers_model_replace")]


def urls_of_providers(model_admin: Any) -> list[URLPattern]:
    view = row_views.changes(model_admin, fill, "providers.change_provider")
    return [path("<slug:pk>/fill/", view, name="providers_provider_fill")]


def replace(request: HttpRequest) -> HttpResponse:
    """The named models; back to the page that named them."""
    if not may_replace(request):
        raise PermissionDenied
    provider = Provider.objects.filter(pk=request.POST.get("provider", "")).first()
    back = row_views.page_of(provider) if provider else reverse("admin:index")
    try:
        done = actions.replace_models(_numbers(request), today())
    except ValidationError as refusal:
        row_views.say_refusal(request, refusal, {"models": "Nothing was replaced"})
        return HttpResponseRedirect(back)
    messages.success(request, f"{_done_words(done)} {TAKE_BACK}")
    return HttpResponseRedirect(back)


def _done_words(done: list[actions.Replacement]) -> str:
    """The first ones by name; the audit trail holds all of them."""
    count = f"{len(done)} model{'s are' if len(done) != 1 else ' is'} replaced"
    told = " · ".join(in_words(entry) for entry in done[:NAMED])
    more = len(done) - NAMED
    return f"{count}. {told}{f' · and {more} more, as Changes tells' if more > 0 else ''}."


def fill(request: HttpRequest, provider: Provider) -> HttpResponse:
    try:
        done = actions.fill_in(provider.pk, today(), limits="limits" in request.POST, facts="facts" in request.POST)
    except ValidationError as refusal:
        row_views.say_refusal(request, refusal, {})
        return row_views.back_to(provider)
    parts = [f"{len(done.limits)} of its limits"] if done.limits else []
    parts += [f"what was known of {len(done.models)} models"] if done.models else []
    messages.success(request, f"Filled in: {' and '.join(parts)}. What stood there already was left alone.")
    return row_views.back_to(provider)


def _numbers(request: HttpRequest) -> list[int]:
    sent = request.POST.getlist("model")
    if not sent or not all(text.isascii() and text.isdigit() and len(text) < 19 for text in sent):
        raise ValidationError({"models": NOT_A_NUMBER})
    return [int(text) for text in sent]


def _lines(found: Standings, own: list[Model], entries: tuple[ModelStanding, ...]) -> Iterable[Line]:
    plans = {entry.model.pk: entry for entry in actions.replacements_of(found, own, entries)}
    for entry in entries:
        source = standing_words.source(entry.known) if entry.known else ""
        plan = in_words(plans[entry.model.pk]).removeprefix(f"{entry.model.model_id}: ")
        yield Line(entry.model, standing_words.what(entry), source, plan)
