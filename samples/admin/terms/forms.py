"""The form of a term. The rules stand in the tables and in the actions; it shows what they refuse."""

from hashlib import blake2s
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models

from samples.actions.terms import columns
from samples.admin.terms.fields import BoundsField, LinesField, LocalNamesField
from samples.models import Term

MEANWHILE = "Somebody has changed this meanwhile, so nothing was saved. Open the page anew to see what it is now."


class TermForm(forms.ModelForm):  # type: ignore[type-arg]
    """``seen`` tells which state of the row the page shows."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    refusal: ValidationError | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = state_of(self.instance)

    @property
    def values(self) -> dict[str, Any]:
        """What the person set or changed, as the actions take it."""
        known = columns(type(self.instance))
        names = [name for name in self.cleaned_data if name in known]
        changed = names if self.instance._state.adding else [name for name in names if name in self.changed_data]
        return {name: _plain(self.cleaned_data[name]) for name in changed}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("seen") and cleaned["seen"] != self.initial["seen"]:
            self.add_error(None, MEANWHILE)
        if self.refusal is not None:
            self._show(self.refusal)
        return cleaned

    def _show(self, refusal: ValidationError) -> None:
        fields = refusal.message_dict if hasattr(refusal, "error_dict") else {"": refusal.messages}
        for name, told in fields.items():
            self.add_error(name if name in self.fields else None, told)


def state_of(row: Term) -> str:
    """A short text that differs where anything of the row does but its place; empty for a new one."""
    if row._state.adding:
        return ""
    told = "\n".join(f"{name}={row.serializable_value(name)}" for name in columns(type(row)))
    return blake2s(told.encode(), digest_size=8).hexdigest()


def form_field(column: "models.Field[Any, Any]", **options: Any) -> forms.Field | None:
    """For a list, for bounds, and for local names; None for all else."""
    told = {"required": not column.blank, "label": _label(column), "help_text": column.help_text, **options}
    if column.name == "local_names":
        return LocalNamesField(
            **told | {"help_text": f"{column.help_text} One on a line, such as: scotland: Servitudes."}
        )
    if isinstance(column, ArrayField):
        return BoundsField(**told) if column.size == 2 else LinesField(**told)
    return None


def _label(column: "models.Field[Any, Any]") -> str:
    name = str(column.verbose_name)
    return name[:1].upper() + name[1:]


def _plain(value: Any) -> Any:
    return value.word if isinstance(value, Term) else value
