"""The models of a provider on its page: their order, switches and suspensions."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from providers.admin.lists.row_facts import add_facts_to_models, rights_of
from providers.admin.lists.rows import live_url
from providers.admin.panels.registry import panel
from providers.models import Model, Provider


@panel(Provider, place=20)
def models_panel(request: HttpRequest, provider: Provider) -> SafeString:
    may_change = request.user.has_perm("providers.change_model")
    if not (may_change or request.user.has_perm("providers.view_model")):
        return SafeString("")
    own = list(Model.objects.filter(provider_id=provider.pk).select_related("provider", "reroute"))
    orders = add_facts_to_models(own, rights_of(request, may_change=may_change))
    if provider.pk in orders:
        own.sort(key=lambda model: orders[provider.pk].shown.index(model.pk))
    urls = {f"{name}_url": reverse(f"admin:providers_model_{name}") for name in ("move", "switch", "champion", "again")}
    context = {
        "provider": provider,
        "rows": own,
        "may_add": request.user.has_perm("providers.add_model"),
        "live_url": live_url(reverse("admin:providers_model_live"), own),
        **urls,
    }
    return render_to_string("providers/admin/provider_models.html", context, request=request)
