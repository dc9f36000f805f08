"""A warning above a row whose extra settings hold what belongs into the secret ones: they were stored before that was
refused, they still go out with every call, and everybody who may log in can read them."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from providers.admin.panels.registry import panel
from providers.models import Model, Provider
from providers.secrecy.secretlike import secret_parts


@panel(Provider, place=1)
@panel(Model, place=1)
def exposed_panel(request: HttpRequest, row: Provider | Model) -> SafeString:
    exposed = list(secret_parts(row.extra_config))
    if not exposed:
        return SafeString("")
    provider_id = row.pk if isinstance(row, Provider) else row.provider_id
    return render_to_string(
        "providers/admin/exposed.html",
        {"exposed": exposed, "provider_id": provider_id, "is_model": row.pk != provider_id},
    )
