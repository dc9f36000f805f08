"""Fields for lists and bounds: a list is lines of text, bounds are two numbers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget


class LinesField(forms.CharField):
    """Empty lines do not count."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": UnfoldAdminTextareaWidget(attrs={"rows": 4}), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[Any]:
        lines = (" ".join(line.split()) for line in super().clean(value).splitlines())
        return [line for line in lines if line]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(_same_ends(self.prepare_value(initial)), _same_ends(data))


class LocalNamesField(LinesField):
    """A line for each part of the jurisdiction: ``scotland: Servitudes``."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
            return "\n".join(f"{entry['jurisdiction']}: {entry['name']}" for entry in value)
        return super().prepare_value(value)

    def clean(self, value: Any) -> list[dict[str, str]]:
        return [self._read(line) for line in super().clean(value)]

    def _read(self, line: str) -> dict[str, str]:
        word, _, name = (part.strip() for part in line.partition(":"))
        if not word or not name:
            raise ValidationError(f"'{line}' cannot be read. Write a part and its name for it: scotland: Servitudes.")
        return {"jurisdiction": word, "name": name}


class BoundsWidget(forms.MultiWidget):
    """The least and the most."""

    template_name = "samples/admin/terms/bounds.html"

    def __init__(self, name: str) -> None:
        words = {"least": "at least", "most": "at most"}
        super().__init__(
            {
                key: UnfoldAdminIntegerFieldWidget(
                    attrs={"aria-label": f"{name}, {word}", "placeholder": word, "min": 0}
                )
                for key, word in words.items()
            }
        )

    def decompress(self, value: Any) -> Sequence[Any]:
        return value if isinstance(value, list | tuple) and len(value) == 2 else (None, None)


class BoundsField(forms.MultiValueField):
    """Both empty is none at all."""

    def __init__(self, **kwargs: Any) -> None:
        numbers = [forms.IntegerField(required=False, min_value=0) for _ in range(2)]
        widget = BoundsWidget(str(kwargs.get("label") or "Bounds"))
        super().__init__(numbers, **{"require_all_fields": False, "widget": widget, **kwargs})

    def compress(self, data_list: Sequence[Any]) -> list[int | None] | None:
        return list(data_list) if data_list and any(number is not None for number in data_list) else None


def _same_ends(text: Any) -> Any:
    """Browsers send lines with the ends of another system."""
    return text.replace("\r\n", "\n").strip() if isinstance(text, str) else text
