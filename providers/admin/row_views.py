"""Views of one row beside its form: found, allowed, and by POST where they change something."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

RowView = Callable[[HttpRequest, Any], HttpResponse]
View = Callable[..., HttpResponse]


def shows(model_admin: Any, view: RowView) -> View:
    """For who may look at the row; changes nothing."""
    return _wrapped(model_admin, require_safe(_found(model_admin, view)))


def changes(model_admin: Any, view: RowView, permission: str) -> View:
    """For who may look at the row and has ``permission``, by POST only."""
    return _wrapped(model_admin, require_POST(_found(model_admin, view, permission)))


def allows(model_admin: Any, view: RowView, permission: str) -> View:
    """The same, for a page that is both looked at and sent."""
    return _wrapped(model_admin, _found(model_admin, view, permission))


def _found(model_admin: Any, view: RowView, permission: str = "") -> View:
    def inner(request: HttpRequest, pk: Any) -> HttpResponse:
        row = model_admin.get_object(request, str(pk))
        if permission and not request.user.has_perm(permission):
            raise PermissionDenied(permission)
        if not model_admin.has_view_or_change_permission(request, row):
            raise PermissionDenied
        if row is None:
            raise Http404
        return view(request, row)

    return inner


def _wrapped(model_admin: Any, view: View) -> View:
    wrapped: View = model_admin.admin_site.admin_view(view)
    return wrapped


def page_of(row: models.Model) -> str:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return reverse(name, args=[quote(row.pk)])


def back_to(row: models.Model, suffix: str = "") -> HttpResponse:
    return HttpResponseRedirect(page_of(row) + suffix)


def say_refusal(request: HttpRequest, refusal: ValidationError, names: dict[str, str]) -> None:
    """Each field's complaint by its name; no message of an action repeats a secret."""
    fields = refusal.message_dict if hasattr(refusal, "error_dict") else {"": refusal.messages}
    for field, problems in fields.items():
        name = names.get(field, field)
        messages.error(request, f"{name}: {' '.join(problems)}" if name else " ".join(problems))
