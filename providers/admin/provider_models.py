"""The models of a provider on its page: their order, switches and suspensions."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from providers.admin import rows
from providers.admin.panels import panel
from providers.models import Model, Provider
from providers.standing import read_states, scope_of, standing_of


@panel(Provider, place=20)
def models_panel(request: HttpRequest, provider: Provider) -> SafeString:
    may_change = request.user.has_perm("providers.change_model")
    if not (may_change or request.user.has_perm("providers.view_model")):
        return SafeString("")
    own = list(Model.objects.filter(provider_id=provider.pk).order_by("fallback_priority"))
    states = read_states(own)
    for model in own:
        rows.set_facts(model, rows.RowFacts(may_change, may_change, standing_of(states.get(scope_of(model)))))
    context = {
        "provider": provider,
        "rows": own,
        "move_url": reverse("admin:providers_model_move"),
        "switch_url": reverse("admin:providers_model_switch"),
        "may_add": request.user.has_perm("providers.add_model"),
    }
    return render_to_string("providers/admin/provider_models.html", context)
