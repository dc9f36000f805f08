"""Who may do what: the Django permission of the row's kind, over the API as in the admin, and who has it."""

from typing import Any

from django.contrib.auth.models import Group
from rest_framework.permissions import DjangoModelPermissions
from rest_framework.request import Request

DUPLICATING = ("providers.add_provider", "providers.add_model", "providers.change_providerconfig")
VIEW = ["%(app_label)s.view_%(model_name)s"]


class RowPermission(DjangoModelPermissions):
    """The rule of every view of the API. A refusal names the permission and the groups that have it.

    A view without a queryset says itself who may use it.
    """

    perms_map = {**DjangoModelPermissions.perms_map, **dict.fromkeys(("GET", "HEAD", "OPTIONS"), VIEW)}

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user or not request.user.is_authenticated:
            return False
        wanted = self.get_required_permissions(request.method or "", self._queryset(view).model)
        missing = [name for name in wanted if not has(request.user, name)]
        if missing:
            self.message = f"You need the permission {' and '.join(missing)}. {remedy(missing[0])}"
        return not missing


class ChangePermission(RowPermission):
    """For actions on a row that exists: POST is a change too, not an addition."""

    perms_map = {**RowPermission.perms_map, "POST": ["%(app_label)s.change_%(model_name)s"]}


class DuplicatePermission(RowPermission):
    """It makes a provider with models, and stores a key."""

    perms_map = {**RowPermission.perms_map, "POST": list(DUPLICATING)}


def has(user: Any, name: str) -> bool:
    """Who may change rows may look at them, as everywhere in Django."""
    return bool(user.has_perm(name) or (".view_" in name and user.has_perm(name.replace(".view_", ".change_"))))


def remedy(name: str) -> str:
    """Which groups have the permission, and whom to ask for it."""
    app, _, codename = name.partition(".")
    having = Group.objects.filter(permissions__codename=codename, permissions__content_type__app_label=app)
    groups = list(having.order_by("pk").values_list("name", flat=True))
    if not groups:
        return "No group has it: ask an administrator."
    noun = "group has" if len(groups) == 1 else "groups have"
    return f"The {noun} it: {', '.join(groups)}. Ask an administrator to put you into one."
