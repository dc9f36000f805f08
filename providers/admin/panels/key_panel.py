"""A provider's secrets on its page: what may be told of them, the inputs for new ones, and forms to remove them.

The inputs belong to the form of the page, so that one Save stores all that was entered.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.views.decorators.debug import sensitive_post_parameters

from providers import actions
from providers.admin import row_views
from providers.admin.changes import may_view
from providers.admin.forms import SecretFields
from providers.admin.panels.registry import panel
from providers.catalog import presets
from providers.choices import AuditAction, KeyState
from providers.configuration import audit, change_words
from providers.fields import Unreadable
from providers.models import Provider, ProviderConfig

MAY_CHANGE = "providers.change_providerconfig"
NAMES = {"api_key": "API key", "config": "Secret settings", "secret_config": "Secret settings"}
WAS_SET = "?key=set"
PAGE_FORM, OWN_FORM = "provider_form", "secrets-form"


def urls(model_admin: Any) -> list[URLPattern]:
    views = {"set": set_secrets, "remove": remove_key, "settings/remove": remove_settings}
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
    may_change_provider = request.user.has_perm("providers.change_provider")
    context = {
        "provider": provider,
        "config": config,
        "state": config.key_state if config else KeyState.MISSING,
        "set_by": set_by(request, provider) if config and config.has_key else "",
        "settings_state": _settings_state(config),
        "may_change": may_set_secrets(request),
        "may_test": may_change_provider,
        "form_id": PAGE_FORM if may_change_provider else OWN_FORM,
        "was_set": request.GET.get("key") == "set",
        "form": _inputs(request, PAGE_FORM if may_change_provider else OWN_FORM),
        "keys_url": known.keys_url if known else "",
        "vendor": known.name if known else "",
    }
    return render_to_string("providers/admin/key_panel.html", context, request=request)


def _inputs(request: HttpRequest, form_id: str) -> SecretFields:
    """Those of the page's form, with what was wrong with them; for who may set secrets alone, a form of their own."""
    shown = getattr(request, "shown_form", None)
    form = shown if isinstance(shown, SecretFields) else SecretFields()
    form.stand_apart(form_id)
    return form


def may_set_secrets(request: HttpRequest) -> bool:
    """As over the API: the permission on the row that holds them."""
    return request.user.has_perm(MAY_CHANGE)


def set_by(request: HttpRequest, provider: Provider) -> str:
    """Who set the stored key, for those who may see the trail; empty where that is not known."""
    found = audit.last_change(provider.pk, AuditAction.KEY_SET, AuditAction.KEY_REPLACED) if may_view(request) else None
    return change_words.who(found) if found else ""


def _settings_state(config: ProviderConfig | None) -> KeyState:
    if config is None or config.config is None:
        return KeyState.MISSING
    return KeyState.UNREADABLE if isinstance(config.config, Unreadable) else KeyState.STORED


# --- views: every one leads back to the page, so that nothing that was typed is shown again ---
@sensitive_post_parameters("api_key", "secret_config")
def set_secrets(request: HttpRequest, provider: Provider) -> HttpResponse:
    """For who may set secrets and nothing else of the provider: who may change it saves the whole page at once."""
    form = SecretFields(request.POST)
    if not form.is_valid():
        row_views.say_refusal(request, ValidationError(form.errors.as_data()), NAMES)
    elif not form.secrets:
        messages.error(request, "Paste the key first. To take the stored one away, use Remove.")
    elif _saved(request, provider, **form.secrets):
        tell_stored(request, provider, form.secrets)
        return row_views.back_to(provider, WAS_SET if "api_key" in form.secrets else "")
    return row_views.back_to(provider)


def tell_stored(request: HttpRequest, provider: Provider, secrets: Mapping[str, Any]) -> None:
    if key := secrets.get("api_key"):
        messages.success(request, f"The key of {provider} is stored. Test the connection to see whether it works.")
        warn_of_misplaced(request, key, provider)
    if "config" in secrets:
        messages.success(request, f"The secret settings of {provider} are stored.")


def remove_key(request: HttpRequest, provider: Provider) -> HttpResponse:
    if _saved(request, provider, api_key=None):
        messages.success(request, f"The key of {provider} is removed.")
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
