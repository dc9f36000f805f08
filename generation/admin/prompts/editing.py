"""A new version, made from another one: its texts, what is wrong with them, and what they change."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from generation.actions.prompts import versions
from generation.admin.prompts.contexts import labelled
from generation.admin.prompts.forms import EditForm
from generation.engine.wording.differences import differences
from generation.engine.wording.rules import CHARS_MAX, LINES_MAX
from generation.models import PromptVersion

DIGITS_MAX = 9


class EditsVersions:
    """Mixed into the admin of versions: everything that happens before a version is there."""

    admin_site: Any
    media: Any
    opts: Any

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The texts of the version that the address names, by default the current one, to be changed."""
        self._require_may_add(request)
        if request.method != "POST":
            parent = _wanted(request.GET.get("from", ""))
            return self._edit_page(request, EditForm(initial={**parent.content, "parent": parent.number}), parent)
        form = EditForm(request.POST)
        parent = _wanted(request.POST.get("parent", ""))
        if form.is_valid():
            try:
                made = versions.add_version(
                    form.texts.content, note=form.cleaned_data["note"], parent=form.cleaned_data["parent"]
                )
            except ValidationError as refusal:
                for field, problems in refusal.message_dict.items():
                    form.add_error(field if field in form.fields else None, problems)
            else:
                self.log_addition(request, made, f"Made from version {parent.number}.")  # type: ignore[attr-defined]
                messages.success(request, f"Version {made.number} is made. New batches take it once it is current.")
                return HttpResponseRedirect(reverse("admin:generation_promptversion_change", args=[made.number]))
        return self._edit_page(request, form, parent)

    def check_view(self, request: HttpRequest) -> HttpResponse:
        """What is wrong with the texts as they stand in the form, and what they change. Nothing is written."""
        self._require_may_add(request)
        form = EditForm(request.POST)
        form.is_valid()
        form.check()
        parent = _wanted(request.POST.get("parent", ""))
        is_long = any(len(text) > CHARS_MAX or text.count("\n") >= LINES_MAX for text in form.texts.content.values())
        found = () if is_long else labelled(differences(parent.texts, form.texts))
        context = {"form": form, "parent": parent, "texts": found, "is_long": is_long}
        return TemplateResponse(request, "generation/admin/prompts/checked.html", context)

    def _edit_page(self, request: HttpRequest, form: EditForm, parent: PromptVersion) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "Edit the prompts",
            "opts": self.opts,
            "media": self.media + form.media,
            "form": form,
            "parent": parent,
        }
        return TemplateResponse(request, "generation/admin/prompts/edit.html", context)

    def _require_may_add(self, request: HttpRequest) -> None:
        if not self.has_add_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied


def _wanted(number: str) -> PromptVersion:
    """The version of that number; the current one where there is none."""
    current = versions.current_version()
    is_number = number.isdecimal() and len(number) <= DIGITS_MAX
    found = PromptVersion.objects.filter(number=int(number)).first() if is_number else None
    return found or current
