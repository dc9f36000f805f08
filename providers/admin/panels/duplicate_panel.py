"""A provider's page offers a second one like it, for another key of the same vendor."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.views.decorators.debug import sensitive_post_parameters
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from providers import actions
from providers.admin import row_views
from providers.admin.panels.key_panel import WAS_SET, tell_stored
from providers.admin.panels.registry import panel
from providers.models import Provider, ProviderConfig
from providers.permissions import DUPLICATING

PREFIX = "copy"  # the form of the page has inputs of the same names


class DuplicateForm(forms.Form):
    api_key = forms.CharField(
        label="The other key",
        error_messages={"required": "Paste the other key."},
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password", "spellcheck": "false"}),
    )
    name = forms.CharField(required=False, widget=UnfoldAdminTextInputWidget())
    id = forms.CharField(required=False, widget=UnfoldAdminTextInputWidget())

    def refuse(self, refusal: ValidationError) -> None:
        """What an action names that is no input here stands above them."""
        fields = refusal.message_dict if hasattr(refusal, "error_dict") else {"": refusal.messages}
        for name, problems in fields.items():
            self.add_error(name if name in self.fields else None, problems)


def urls(model_admin: Any) -> list[URLPattern]:
    def view(request: HttpRequest, provider: Provider) -> HttpResponse:
        return duplicate(model_admin, request, provider)

    wrapped = row_views.changes(model_admin, sensitive_post_parameters(f"{PREFIX}-api_key")(view), DUPLICATING[0])
    return [path("<slug:pk>/duplicate/", wrapped, name="providers_provider_duplicate")]


@panel(Provider, place=15)
def duplicate_panel(request: HttpRequest, provider: Provider) -> SafeString:
    if not provider.requires_key or not request.user.has_perms(DUPLICATING):
        return SafeString("")
    new_id, name = actions.suggested_names(provider, list(Provider.objects.values_list("pk", flat=True)))
    form = DuplicateForm(initial={"id": new_id, "name": name}, prefix=PREFIX)
    context = {"provider": provider, "form": form}
    return render_to_string("providers/admin/duplicate_panel.html", context, request=request)


def duplicate(model_admin: Any, request: HttpRequest, provider: Provider) -> HttpResponse:
    """Leads to the new provider. Where it is refused, the form stands alone, with all but the key as it was typed."""
    if not request.user.has_perms(DUPLICATING):
        raise PermissionDenied
    form = DuplicateForm(request.POST, prefix=PREFIX)
    second = _duplicated(form, provider) if form.is_valid() else None
    if second is None:
        return TemplateResponse(request, "providers/admin/duplicate.html", _page(model_admin, request, provider, form))
    messages.success(request, f"{second} is a copy of {provider}, right after it.")
    tell_stored(request, second, {"api_key": form.cleaned_data["api_key"]})
    if ProviderConfig.objects.filter(pk=provider.pk, config__isnull=False).exists():
        words = f"The secret settings of {provider} are not copied, since they may belong to the account of its key."
        messages.warning(request, f"{words} If {second} needs any, enter them below its key.")
    return row_views.back_to(second, WAS_SET)


def _duplicated(form: DuplicateForm, provider: Provider) -> Provider | None:
    """None where it was refused, as the form then says."""
    entered = form.cleaned_data
    try:
        return actions.duplicate_provider(
            provider.pk, api_key=entered["api_key"], new_id=entered["id"], name=entered["name"]
        )
    except ValidationError as refusal:
        form.refuse(refusal)
        return None


def _page(model_admin: Any, request: HttpRequest, provider: Provider, form: DuplicateForm) -> dict[str, Any]:
    return {
        **model_admin.admin_site.each_context(request),
        "title": f"Duplicate {provider} with another key",
        "opts": model_admin.opts,
        "original": provider,
        "media": model_admin.media,
        "provider": provider,
        "form": form,
        "page_url": row_views.page_of(provider),
    }
