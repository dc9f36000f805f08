"""Forms that save through an action: what was changed goes there, and what the action refuses is shown at its field.

Two people may have the same row open. The page carries what it was loaded with, so that each save changes what its
person changed and nothing else; where both changed the same field, the second one is told, and decides.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse

from providers import actions
from providers.admin.limit_rows import LimitsField
from providers.admin.lists.changed_by import who_changed
from providers.models import Model

LOADED, LIMITS = "loaded", "limits"
LONGEST_SHOWN = 120


def changed_values(form: "forms.ModelForm[Any]") -> dict[str, Any]:
    """The fields that the person changed, as actions take them: what somebody else changed is left alone."""
    names = [name for name in form.changed_data if name in _settings(form)]
    return {name: plain(form.cleaned_data[name]) for name in names}


def plain(value: Any) -> Any:
    return value.model_id if isinstance(value, Model) else value


class NoticesOthers(forms.BaseForm):
    """Compares three states of each setting: as loaded into the page, as stored now, and as sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.merged: list[str] = []
        self._overruled: dict[str, Any] = {}

    @property
    def loaded(self) -> str:
        """For the page to carry: what is stored, or what it carried before; a field that was told of is as stored."""
        return json.dumps(self._loaded | self._overruled, cls=DjangoJSONEncoder)

    @property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name not in self.merged]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in [name for name in cleaned if name in self._stored and name in self._loaded]:
            loaded, stored, sent = self._loaded[name], self._stored[name], comparable(cleaned[name])
            if stored in (loaded, sent):
                continue
            if sent == loaded:
                self.merged.append(name)
                cleaned[name] = self._kept(name)
            else:
                self._overruled[name] = stored
                self.add_error(name, self._told(name, stored, sent))
        return cleaned

    @cached_property
    def _stored(self) -> dict[str, Any]:
        return {name: comparable(self.initial.get(name)) for name in self._compared()}

    @cached_property
    def _loaded(self) -> dict[str, Any]:
        """As stored, where the page says nothing of it."""
        try:
            carried = json.loads(self.data.get(LOADED, ""))
        except ValueError:
            return dict(self._stored)
        return carried if isinstance(carried, dict) else dict(self._stored)

    def _told(self, name: str, stored: Any, sent: Any) -> str:
        now, typed = (in_words(self.fields[name], value) for value in (stored, sent))
        return f"{self.who()} changed this to {now} meanwhile; you typed {typed}. Save again to overwrite."

    def _compared(self) -> Iterable[str]:
        return list(self.fields)

    def _kept(self, name: str) -> Any:
        """What is stored, as a field's value."""
        return self.initial.get(name)

    def who(self, *, own: int = 0) -> str:
        """Changed it last; ``own`` as ``who_changed`` takes it."""
        raise NotImplementedError


class NoticesOthersOfRow(NoticesOthers, forms.ModelForm):  # type: ignore[type-arg]
    def _compared(self) -> Iterable[str]:
        return [name for name in self.fields if name in _settings(self)]

    def _kept(self, name: str) -> Any:
        return self.initial.get(name) if name == LIMITS else getattr(self.instance, name)

    def who(self, *, own: int = 0) -> str:
        return who_changed(self.instance, "fields", own=own)


def comparable(value: Any) -> Any:
    """As it comes back from JSON."""
    if isinstance(value, models.Model):
        return value.pk
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def in_words(field: forms.Field, value: Any) -> str:
    if value in (None, "", {}):
        return "nothing"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(field, LimitsField):
        value = field.in_words(value)
    if isinstance(field, forms.ModelChoiceField):
        return str(field.queryset.filter(pk=value).first() or value) if field.queryset is not None else str(value)
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."


def _settings(form: "forms.ModelForm[Any]") -> set[str]:
    return {LIMITS, *(field.name for field in form._meta.model._meta.fields)}


class SavesByAction:
    """An action that refuses undoes the whole save; the form comes again with the reasons, so no rule stands twice."""

    change_form_before_template = "providers/admin/loaded.html"

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        asked = (request, object_id, form_url, extra_context)
        if request.method != "POST":
            return self._unlocked_view(*asked)
        try:
            return self._locked_view(*asked)
        except ValidationError as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            return self._locked_view(*asked)

    @transaction.atomic
    def _locked_view(self, request: HttpRequest, object_id: str | None, *rest: Any) -> HttpResponse:
        """What is compared is still so when it is written."""
        if object_id is not None:
            with suppress(ObjectDoesNotExist, ValueError):  # whoever looks for it next says that it is gone
                actions.lock(self.model, unquote(object_id))  # type: ignore[attr-defined]
        return self._unlocked_view(request, object_id, *rest)

    def _unlocked_view(self, *asked: Any) -> HttpResponse:
        response: HttpResponse = super().changeform_view(*asked)  # type: ignore[misc]
        return response

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)  # type: ignore[misc]
        refusal = getattr(request, "refusal", None)
        bases = (NoticesOthersOfRow, form) if change and obj is not None else (form,)
        return type(form.__name__, bases, {"refusal": refusal} if refusal else {})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)  # type: ignore[misc]
        if change and form.merged:
            names = ", ".join(str(form.fields[name].label) for name in form.merged)
            who = form.who(own=int(bool(form.changed_data)))
            messages.info(request, f"{who} had changed this meanwhile, and it stays so: {names}.")
