"""What calls have shown of a model: what it does not take, and who answers in its place."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString

from providers import actions
from providers.admin import row_views
from providers.admin.panels.registry import panel
from providers.models import Model


def urls(model_admin: Any) -> list[URLPattern]:
    view = row_views.changes(model_admin, forget, "providers.change_model")
    return [path("<int:pk>/forget/", view, name="providers_model_forget")]


@panel(Model, place=8)
def learnt_panel(request: HttpRequest, model: Model) -> SafeString:
    if not model.learnt and model.rerouted is None:
        return SafeString("")
    context = {
        "model": model,
        "forget_url": reverse("admin:providers_model_forget", args=[model.pk]),
        "may_forget": request.user.has_perm("providers.change_model"),
    }
    return render_to_string("providers/admin/learnt_panel.html", context, request=request)


def forget(request: HttpRequest, model: Model) -> HttpResponse:
    actions.forget(model.pk)
    messages.success(request, f"What was learnt of {model} is forgotten. Its next calls find out anew what it takes.")
    return row_views.back_to(model)
