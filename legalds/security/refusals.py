"""The page for who may not do something: it names the permission, the groups that have it, and whom to ask."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.views.defaults import permission_denied
from rest_framework import status

from legalds.api.errors import error_body

ASKED = 3
# What the theme's own pages need; any other page of a row changes it.
LOOKING = {"changelist": "view", "change": "view", "history": "view", "live": "view", "add": "add", "delete": "delete"}


def handle_403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's ``handler403``."""
    if request.path.startswith("/api/"):
        return JsonResponse(error_body("You may not do this. Ask an administrator."), status=status.HTTP_403_FORBIDDEN)
    if not getattr(request, "user", None) or not admin.site.has_permission(request):
        return permission_denied(request, exception or Exception())
    context = {**admin.site.each_context(request), "title": "You may not do this", **facts(request, exception)}
    return TemplateResponse(request, "legalds/refused.html", context, status=status.HTTP_403_FORBIDDEN)


def facts(request: HttpRequest, exception: Exception | None = None) -> dict[str, Any]:
    wanted = permission_named(exception) or permission_of(request)
    having = Group.objects.filter(permissions=wanted).order_by("pk") if wanted else Group.objects.none()
    return {
        "wanted": wanted,
        "having": [group.name for group in having],
        "own": [group.name for group in request.user.groups.order_by("pk")],
        "superusers": list(
            User.objects.filter(is_superuser=True, is_active=True)
            .order_by("pk")
            .values_list("username", flat=True)[:ASKED]
        ),
    }


def permission_named(exception: Exception | None) -> Permission | None:
    """That which the view itself said was missing: ``PermissionDenied("app.codename")``."""
    said = str(exception.args[0]) if exception is not None and exception.args else ""
    app, _, codename = said.partition(".")
    return Permission.objects.filter(content_type__app_label=app, codename=codename).first() if codename else None


def permission_of(request: HttpRequest) -> Permission | None:
    """What the page that was asked for needs, by the name of its address: ``<app>_<model>_<page>``."""
    name = request.resolver_match.url_name if request.resolver_match else None
    for model in admin.site._registry:
        app, kind = model._meta.app_label, str(model._meta.model_name)
        if name and name.startswith(f"{app}_{kind}_"):
            return _permission(app, kind, name.removeprefix(f"{app}_{kind}_"), is_post=request.method == "POST")
    return None


def _permission(app: str, kind: str, page: str, *, is_post: bool) -> Permission | None:
    of_kind = Permission.objects.filter(content_type__app_label=app, content_type__model=kind)
    own = of_kind.filter(codename=f"{page}_{kind}").first() if page not in LOOKING else None
    right = "change" if is_post and page == "change" else LOOKING.get(page, "change")
    return own or of_kind.filter(codename=f"{right}_{kind}").first()
