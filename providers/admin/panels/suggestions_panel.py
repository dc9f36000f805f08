"""Limits that the vendor tells and that are not set so here: taken over with one click, or dismissed."""

from collections.abc import Callable, Collection
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.text import get_text_list

from providers import actions
from providers.admin import row_views
from providers.admin.panels.registry import panel
from providers.models import Provider
from providers.routing.limits.suggesting import Suggestion
from providers.status.suggestions import suggestions_of

MAY_CHANGE, MAY_CHANGE_MODELS = "providers.change_provider", "providers.change_model"
NAMES = {"suggestions": "Nothing was changed", "limits": "Limits"}


def urls(model_admin: Any) -> list[URLPattern]:
    views = {"take": take_over, "dismiss": dismiss}
    return [
        path(
            f"<slug:pk>/suggestions/{name}/",
            row_views.changes(model_admin, view, MAY_CHANGE),
            name=f"providers_provider_suggestions_{name}",
        )
        for name, view in views.items()
    ]


@panel(Provider, place=7)
def suggestions_panel(request: HttpRequest, provider: Provider) -> SafeString:
    suggestions = suggestions_of(provider)
    if not suggestions:
        return SafeString("")
    of_provider = [suggestion for suggestion in suggestions if not suggestion.model_id]
    context = {
        "provider": provider,
        "suggestions": suggestions,
        "summary": get_text_list([told_words(suggestion) for suggestion in of_provider], "and"),
        "differ": any(suggestion.differs for suggestion in suggestions),
        "may_change": may_decide(request, suggestions),
    }
    return render_to_string("providers/admin/suggestions_panel.html", context, request=request)


def told_words(suggestion: Suggestion) -> str:
    """``30 requests per minute``, with whose they are where that is one model."""
    return f"{suggestion.told.words}{f' of {suggestion.model_id}' if suggestion.model_id else ''}"


def may_decide(request: HttpRequest, suggestions: Collection[Suggestion]) -> bool:
    """Limits of a model are the model's to change."""
    of_models = any(suggestion.model_id for suggestion in suggestions)
    return request.user.has_perm(MAY_CHANGE) and (not of_models or request.user.has_perm(MAY_CHANGE_MODELS))


def take_over(request: HttpRequest, provider: Provider) -> HttpResponse:
    return _decided(request, provider, actions.take_over, "Set: {}.")


def dismiss(request: HttpRequest, provider: Provider) -> HttpResponse:
    return _decided(request, provider, actions.dismiss, "Dismissed, until the vendor tells other amounts: {}.")


def _decided(
    request: HttpRequest, provider: Provider, decide: Callable[[str, Collection[str]], list[Suggestion]], words: str
) -> HttpResponse:
    """On what the person was shown, and on nothing else."""
    if not may_decide(request, suggestions_of(provider)):
        raise PermissionDenied(MAY_CHANGE_MODELS)
    try:
        decided = decide(provider.pk, request.POST.getlist("mark"))
    except ValidationError as refusal:
        row_views.say_refusal(request, refusal, NAMES)
    else:
        messages.success(request, words.format(get_text_list([told_words(each) for each in decided], "and")))
    return row_views.back_to(provider)
