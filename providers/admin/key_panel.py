"""A provider's secrets on its page: what may be told of them, and forms of their own to set and to remove them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.views.decorators.debug import sensitive_post_parameters
from unfold.widgets import UnfoldAdminPasswordWidget

from providers import actions, audit, change_words
from providers.admin import row_views
from providers.admin.changes import may_view
from providers.admin.panels import panel
from providers.catalog import presets
from providers.choices import Deed, KeyState
from providers.fields import Unreadable
from providers.forms import WriteOnlyTextarea, read_secret_settings
from providers.models import Provider, ProviderConfig

MAY_CHANGE = "providers.change_providerconfig"
NAMES = {"api_key": "API key", "config": "Secret settings"}
WAS_SET = "?key=set"


class KeyForm(forms.Form):
    api_key = forms.CharField(
        label="API key",
        widget=UnfoldAdminPasswordWidget(
            attrs={"autocomplete": "new-password", "spellcheck": "false", "aria-describedby": "key-help"}
        ),
    )


class SettingsForm(forms.Form):
    secret_config = forms.CharField(
        label="Secret settings",
        widget=WriteOnlyTextarea(
            attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false", "aria-describedby": "settings-help"}
        ),
    )


def urls(model_admin: Any) -> list[URLPattern]:
    views = {"set": set_key, "remove": remove_key, "settings": set_settings, "settings/remove": remove_settings}
    return [
        path(
            f"<slug:pk>/key/{name}/",
            row_views.changes(model_admin, view, MAY_CHANGE),
            name=f"providers_provider_key_{name.replace('/', '_')}",
        )
        for name, view in views.items()
    ]


@panel(Provider, place=10)
def key_panel(request: HttpRequest, provider: Provider) -> SafeString:
    """Reads the one row, to say whether it can still be decrypted."""
    config = ProviderConfig.objects.filter(pk=provider.pk).first()
    known = presets.preset_at(provider.base_url)
    context = {
        "provider": provider,
        "config": config,
        "state": config.key_state if config else KeyState.MISSING,
        "set_by": set_by(request, provider) if config and config.has_key else "",
        "settings_state": _settings_state(config),
        "may_change": may_set_secrets(request),
        "may_test": request.user.has_perm("providers.change_provider"),
        "was_set": request.GET.get("key") == "set",
        "form": KeyForm(),
        "settings_form": SettingsForm(),
        "keys_url": known.keys_url if known else "",
        "vendor": known.name if known else "",
    }
    return render_to_string("providers/admin/key_panel.html", context, request=request)


def may_set_secrets(request: HttpRequest) -> bool:
    """As over the API: the permission on the row that holds them."""
    return request.user.has_perm(MAY_CHANGE)


def set_by(request: HttpRequest, provider: Provider) -> str:
    """Who set the stored key, for those who may see the trail; empty where that is not known."""
    found = audit.last_change(provider.pk, Deed.KEY_SET, Deed.KEY_REPLACED) if may_view(request) else None
    return change_words.who(found) if found else ""


def _settings_state(config: ProviderConfig | None) -> KeyState:
    if config is None or config.config is None:
        return KeyState.MISSING
    return KeyState.UNREADABLE if isinstance(config.config, Unreadable) else KeyState.STORED


# --- views: every one leads back to the page, so that nothing that was typed is shown again ---
@sensitive_post_parameters("api_key")
def set_key(request: HttpRequest, provider: Provider) -> HttpResponse:
    key = request.POST.get("api_key", "").strip()
    if not key:
        messages.error(request, "API key: Paste the key first. To take the stored one away, use Remove.")
        return row_views.back_to(provider)
    if not _saved(request, provider, api_key=key):
        return row_views.back_to(provider)
    messages.success(request, f"The key of {provider} is stored. Test the connection to see whether it works.")
    warn_of_misplaced(request, key, provider)
    return row_views.back_to(provider, WAS_SET)


def remove_key(request: HttpRequest, provider: Provider) -> HttpResponse:
    if _saved(request, provider, api_key=None):
        messages.success(request, f"The key of {provider} is removed.")
    return row_views.back_to(provider)


@sensitive_post_parameters("secret_config")
def set_settings(request: HttpRequest, provider: Provider) -> HttpResponse:
    try:
        settings = read_secret_settings(request.POST.get("secret_config", ""))
    except ValidationError as refusal:
        row_views.say_refusal(request, ValidationError({"config": refusal.messages}), NAMES)
    else:
        if _saved(request, provider, config=settings):
            messages.success(request, f"The secret settings of {provider} are stored.")
    return row_views.back_to(provider)


def remove_settings(request: HttpRequest, provider: Provider) -> HttpResponse:
    if _saved(request, provider, config=None):
        messages.success(request, f"The secret settings of {provider} are removed.")
    return row_views.back_to(provider)


def warn_of_misplaced(request: HttpRequest, key: str, provider: Provider) -> None:
    if vendor := presets.misplaced_key(key, provider.base_url):
        words = (
            f"This looks like a key of {vendor}, and it goes to {provider.base_url}. If that is not meant, replace it."
        )
        messages.warning(request, words)


def _saved(request: HttpRequest, provider: Provider, **secrets: Any) -> bool:
    try:
        actions.set_secrets(provider.pk, **secrets)
    except ValidationError as refusal:
        row_views.say_refusal(request, refusal, NAMES)
        return False
    return True
