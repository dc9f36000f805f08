"""Rows that are moved and switched where they stand: one POST each, behind the change permission."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ORDER_VAR
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from unfold.admin import ModelAdmin as UnfoldModelAdmin
from unfold.views import ChangeList

from providers.admin.changes import may_view
from providers.admin.panels import render_panels
from providers.permissions import remedy

GONE = "A row of this list is gone. Reload the page to see what there is."


class RefusalError(Exception):
    """Why a move or a switch is not done: a status code and one sentence for the person."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class InPlaceChangeList(ChangeList):  # type: ignore[misc]
    """A page of rows, each dressed with what its person may do and what the shared store holds against it."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: list[Any] = list(self.result_list)
        may_change = self.model_admin.has_change_permission(request)
        may_move = may_change and not request.GET.get(ORDER_VAR)
        self.model_admin.dress(self.result_list, may_move=may_move, may_switch=may_change)


class InPlaceAdmin(UnfoldModelAdmin):  # type: ignore[misc]
    """Base of the two ordered lists. A subclass says which action moves, which switches, and what to call a row."""

    list_fullwidth = True
    change_form_outer_before_template = "providers/admin/panels_above.html"
    change_form_outer_after_template = "providers/admin/panels.html"

    class Media:
        css = {"all": ("providers/changes.css", "providers/provider.css")}
        js = ("providers/vendor/Sortable.min.js", "providers/in_place.js", "providers/provider.js")

    def parse_id(self, value: object) -> Any:
        raise NotImplementedError

    def move(self, pk: Any, **neighbour: Any) -> None:
        raise NotImplementedError

    def switch(self, pk: Any, enabled: bool) -> models.Model:
        raise NotImplementedError

    def name_of(self, row: models.Model) -> str:
        raise NotImplementedError

    def positions(self, row: models.Model) -> dict[str, int]:
        """Where every row of this one's group stands now."""
        raise NotImplementedError

    def dress(self, page: list[Any], *, may_move: bool, may_switch: bool) -> None:
        raise NotImplementedError

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        row = kwargs.get("obj")
        if row is not None:
            context["panels_above"] = render_panels(request, row, above=True)
            context["panels"] = render_panels(request, row)
            context["show_history"] = may_view(request)
        response: HttpResponse = super().render_change_form(request, context, **kwargs)
        return response

    # --- one trail: the actions write it, the admin's own log stays empty ---
    def log_addition(self, *args: Any) -> None:
        pass

    def log_change(self, *args: Any) -> None:
        pass

    def log_deletions(self, *args: Any) -> None:
        pass

    def trail_url(self, row: Any) -> str:
        """Where all changes of a row are listed."""
        raise NotImplementedError

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        if row is None:
            response: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return response
        return HttpResponseRedirect(self.trail_url(row))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return InPlaceChangeList

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("move/", self.admin_site.admin_view(self.move_view), name=self.url_name("move")),
            path("switch/", self.admin_site.admin_view(self.switch_view), name=self.url_name("switch")),
        ]
        return own + list(super().get_urls())

    def url_name(self, suffix: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{suffix}"

    def url_of(self, suffix: str) -> str:
        return reverse(f"{self.admin_site.name}:{self.url_name(suffix)}")

    def move_view(self, request: HttpRequest) -> HttpResponse:
        """``{"id": ..., "before" | "after": ...}``: relative to a neighbour, so that stale and filtered lists work."""
        return self._answer(request, self._move)

    def switch_view(self, request: HttpRequest) -> HttpResponse:
        """``{"id": ..., "enabled": true | false}``."""
        return self._answer(request, self._switch)

    def _answer(
        self, request: HttpRequest, handler: Callable[[HttpRequest, Mapping[str, Any]], dict[str, Any]]
    ) -> JsonResponse:
        try:
            if request.method != "POST":
                raise RefusalError(405, "Send this as a POST.")
            if not self.has_change_permission(request):
                raise RefusalError(403, self.not_allowed())
            return JsonResponse(handler(request, read_object(request)))
        except RefusalError as refusal:
            return JsonResponse({"message": refusal.message}, status=refusal.status)

    def not_allowed(self) -> str:
        wanted = f"{self.opts.app_label}.change_{self.opts.model_name}"
        return f"You may look at {self.opts.verbose_name_plural}, but not change them. {remedy(wanted)}"

    def _move(self, request: HttpRequest, body: Mapping[str, Any]) -> dict[str, Any]:
        sides = [side for side in ("before", "after") if side in body]
        if "id" not in body or len(sides) != 1:
            raise RefusalError(400, "Give the row's id and one neighbour, before or after.")
        side = sides[0]
        pk, neighbour_pk = self.parse_id(body["id"]), self.parse_id(body[side])
        try:
            self.move(pk, **{side: neighbour_pk})
            rows = self.model._default_manager.in_bulk([pk, neighbour_pk])
            row, neighbour = rows[pk], rows[neighbour_pk]
        except (ObjectDoesNotExist, KeyError):
            raise RefusalError(409, GONE) from None
        except ValidationError as error:
            raise RefusalError(409, " ".join(error.messages)) from error
        word = "above" if side == "before" else "below"
        message = f"{self.name_of(row)} moved {word} {self.name_of(neighbour)}."
        return {"message": message, "positions": self.positions(row)}

    def _switch(self, request: HttpRequest, body: Mapping[str, Any]) -> dict[str, Any]:
        if "id" not in body or not isinstance(body.get("enabled"), bool):
            raise RefusalError(400, "Give the row's id and enabled, true or false.")
        try:
            row = self.switch(self.parse_id(body["id"]), body["enabled"])
        except ObjectDoesNotExist:
            raise RefusalError(409, GONE) from None
        except ValidationError as error:
            raise RefusalError(409, " ".join(error.messages)) from error
        message = f"{self.name_of(row)} is {'on' if body['enabled'] else 'off'}."
        return {"message": message, "enabled": body["enabled"]}


def read_object(request: HttpRequest) -> Mapping[str, Any]:
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise RefusalError(400, "Send a JSON object.")
    return body
