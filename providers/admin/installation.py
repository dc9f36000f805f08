"""The page of the limits that hold for all providers together, such as a budget for the month."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from providers.actions import limits
from providers.admin.limit_rows import LimitsField
from providers.admin.lists.changed_by import who_changed_overall
from providers.admin.saving import NoticesOthers
from providers.configuration import limit_lists
from providers.routing.config import LimitScope
from providers.status.usage import installation_meters

URL_NAME = "admin:providers_provider_limits"
TITLE = "Limits of this installation"


class InstallationLimitsForm(NoticesOthers, forms.Form):
    limits = LimitsField(
        (LimitScope.INSTALLATION,),
        label=TITLE,
        help_text="No call leaves beyond them, to whichever provider, beside the limits of providers and models. Under "
        "a limit in US dollars only models with both prices are called.",
    )

    def who(self, *, own: int = 0) -> str:
        return who_changed_overall()


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def limits_page(request: HttpRequest, *, site: AdminSite, may_view: bool, may_change: bool) -> HttpResponse:
    is_sent = request.method == "POST"
    if not may_view or (is_sent and not may_change):
        raise PermissionDenied
    if is_sent:
        limits.lock_installation_limits()
    entries = limits.installation_limits()
    initial = {"limits": [limit_lists.written(entry) for entry in entries]}
    form = InstallationLimitsForm(request.POST if is_sent else None, initial=initial)
    if is_sent and form.is_valid():
        _save(request, form)
        return HttpResponseRedirect(reverse(URL_NAME))
    context: dict[str, Any] = {
        **site.each_context(request),
        "title": TITLE,
        "subtitle": None,
        "form": form,
        "told": [limit_lists.told(entry) for entry in entries],
        "may_change": may_change,
        "meters": installation_meters(),
    }
    return TemplateResponse(request, "providers/admin/installation_limits.html", context)


def _save(request: HttpRequest, form: InstallationLimitsForm) -> None:
    if form.merged:
        messages.info(request, f"{form.who()} had changed this meanwhile, and it stays so.")
    elif form.changed_data:
        limits.set_installation_limits(form.cleaned_data["limits"])
        messages.success(request, f"The {TITLE[0].lower()}{TITLE[1:]} are saved.")
