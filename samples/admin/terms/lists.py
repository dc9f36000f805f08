"""Lists of terms in their order: a handle to move each, a switch, and a form that saves by an action."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.views.main import ORDER_VAR
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin as UnfoldModelAdmin
from unfold.decorators import display
from unfold.views import ChangeList

from samples import actions, vocabulary
from samples.admin.terms import in_place
from samples.admin.terms.forms import TermForm, form_field
from samples.admin.terms.in_place import Handler
from samples.admin.terms.preview import asks
from samples.models import Term
from samples.places import Places

HANDLERS: Mapping[str, Handler] = {"move": in_place.move, "switch": in_place.switch}


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What this person may do to a row, its rank in the list of ``total``, and the mark of the list's order."""

    may_move: bool
    may_switch: bool
    rank: int
    total: int
    mark: str
    is_start: bool = False


class TermList(ChangeList):  # type: ignore[misc]
    """A page of rows, each with its facts. One more query."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: list[Any] = list(self.result_list)
        may_change = self.model_admin.has_change_permission(request)
        may_move = may_change and not request.GET.get(ORDER_VAR)
        add_facts(self.result_list, actions.places_of(self.model), may_change=may_change, may_move=may_move)


def add_facts(page: Sequence[Any], places: Places, *, may_change: bool, may_move: bool) -> None:
    ranks = {key: rank for rank, key in enumerate(places.keys, start=1)}
    for row in page:
        row.row_facts = RowFacts(may_move, may_change, ranks.get(row.pk, 0), len(ranks), places.mark)


class TermAdmin(UnfoldModelAdmin):  # type: ignore[misc]
    """Base of the four lists."""

    form = TermForm
    list_display: Sequence[str] = ("handle", "shown_name", "switch_column", "about")
    list_display_links = ("shown_name",)
    list_filter: Sequence[Any] = ("enabled",)
    list_fullwidth = True
    list_per_page = 200
    readonly_fields: Sequence[str] = ("asks",)
    actions: ClassVar[Sequence[Any]] = ()
    change_form_show_cancel_button = True

    class Media:
        css = {"all": ("providers/lists.css", "samples/terms.css")}
        js = ("providers/vendor/Sortable.min.js", "providers/toast.js", "providers/in_place.js", "providers/sorting.js")

    # --- columns ---------------------------------------------------------
    @display(description="Place")
    def handle(self, row: Any) -> SafeString:
        context = {
            "row": row,
            "position": row.position,
            "group": "",
            "url": self.url_of("move"),
            "facts": row.row_facts,
        }
        return render_to_string("providers/admin/handle.html", context)

    @display(description="Name")
    def shown_name(self, row: Term) -> SafeString:
        return render_to_string("samples/admin/terms/name.html", {"row": row})

    @display(description="Enabled", ordering="enabled")
    def switch_column(self, row: Any) -> SafeString:
        context = {"row": row, "url": self.url_of("switch"), "facts": row.row_facts}
        return render_to_string("providers/admin/switch.html", context)

    @display(description="About")
    def about(self, row: Any) -> str:
        raise NotImplementedError

    @display(description="What the prompt asks for")
    def asks(self, row: Term) -> SafeString:
        lines = list(asks(row.value, vocabulary.everything()))
        return render_to_string("samples/admin/terms/asks.html", {"lines": lines})

    # --- in place --------------------------------------------------------
    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TermList

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(f"{name}/", self.admin_site.admin_view(partial(self._in_place, handler, name)), name=self._name(name))
            for name, handler in HANDLERS.items()
        ]
        return [*own, *super().get_urls()]

    def url_of(self, suffix: str) -> str:
        return reverse(f"{self.admin_site.name}:{self._name(suffix)}")

    def _name(self, suffix: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{suffix}"

    def _in_place(self, handler: Handler, name: str, request: HttpRequest) -> HttpResponse:
        plural = self.opts.verbose_name_plural
        refusal = "" if self.has_change_permission(request) else f"You may look at {plural}, but not change them."
        return in_place.answered(handler, self.model, self.url_of(name), request, not_allowed=refusal)

    # --- forms -----------------------------------------------------------
    def formfield_for_dbfield(self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        own = form_field(db_field)
        if own is not None:
            return own
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        for kind in ("add", "change", "delete", "view"):  # terms are managed in their own lists
            if hasattr(field, "widget") and hasattr(field.widget, f"can_{kind}_related"):
                setattr(field.widget, f"can_{kind}_related", False)
        return field

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new row has nothing to preview."""
        sets = super().get_fieldsets(request, obj)
        return sets if obj else [(name, {**facts, "fields": _without(facts["fields"], "asks")}) for name, facts in sets]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return type(form.__name__, (form,), {"refusal": refusal}) if refusal else form

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An action that refuses undoes the save; the form comes again with the reasons."""
        try:
            response: HttpResponse = super().changeform_view(request, *args, **kwargs)
        except ValidationError as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            response = super().changeform_view(request, *args, **kwargs)
        return response

    def save_model(self, request: HttpRequest, obj: Any, form: TermForm, change: bool) -> None:
        person = _person(request)
        if change:
            actions.change_term(self.model, obj.pk, form.values, by=person)
        else:
            row = actions.add_term(self.model, form.values, by=person)
            obj.pk, obj.position = row.pk, row.position

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        try:
            response: HttpResponse = super().delete_view(request, object_id, extra_context)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return HttpResponseRedirect(reverse(f"{self.admin_site.name}:{self._name('change')}", args=[object_id]))
        return response

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        actions.delete_term(self.model, obj.pk, by=_person(request))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Many at once are not deleted: each one may have samples."""
        return {}

    def log_addition(self, *args: Any) -> None:
        """The actions write the log."""

    log_change = log_deletion = log_deletions = log_addition


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
    return request.user


def _without(fields: Sequence[Any], name: str) -> list[Any]:
    return [field for field in fields if field != name]
