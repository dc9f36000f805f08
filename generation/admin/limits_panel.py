"""What is left of a provider's limits and when they come back, on its own page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString

from generation.actions.limit_forecasts import limits_by_provider
from providers.admin.panels.registry import panel
from providers.models import Provider


@panel(Provider, place=6)
def limits_of(request: HttpRequest, provider: Provider) -> SafeString:
    context = _context(provider.pk)
    return render_to_string("generation/admin/limits_panel.html", context) if context["limits"] else SafeString("")


def limits_live(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The part that renews itself."""
    if not request.user.has_perm("providers.view_provider"):
        raise PermissionDenied
    return TemplateResponse(request, "generation/admin/limits.html", _context(provider_id))


def _context(provider_id: str) -> dict[str, Any]:
    return {"limits": limits_by_provider().get(provider_id, []), "provider_id": provider_id}
