"""Limits in a form: one field whose rows are added and removed in the page."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from decimal import Decimal
from itertools import zip_longest
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError

from providers.configuration import limit_lists
from providers.routing.config import LimitScope
from providers.routing.limits.amounts import Unit
from providers.routing.limits.window import Span, Window

NUMBER = re.compile(r"(\d{1,3}(,\d{3})+|\d+)(\.\d*)?|\.\d+")
CALENDAR = "calendar"
COUNTING = (("", "sliding"), (CALENDAR, "by the calendar in"))
SCOPES = {LimitScope.ACCOUNT: "all its models together", LimitScope.MODEL: "each model"}
NO_ZONE = "(nothing)"
"""Said in place of a time zone that was not given."""


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A row as it stands in the page, all of it text; as it comes, one that is not filled in yet."""

    amount: str = ""
    unit: str = Unit.TOKENS.value
    count: str = "1"
    span: str = Span.DAY.value
    counting: str = ""
    zone: str = ""
    scope: str = ""

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> "LimitRow":
        """A limit as ``limit_lists`` has it."""
        zone = written["time_zone"] or ""
        window = Window.read(written["window"], zone)
        return cls(
            f"{Decimal(str(written['amount'])).normalize():f}",
            written["unit"],
            str(window.count),
            window.span.value,
            CALENDAR if zone else "",
            zone,
            written["scope"],
        )

    @property
    def value(self) -> dict[str, Any]:
        """As ``limit_lists.read`` takes it; what is no number stays text, which is refused there."""
        zone = (self.zone.strip() or NO_ZONE) if self.counting == CALENDAR else None
        window = f"{self.count.strip()} {self.span}"
        known = {"unit": self.unit, "amount": number(self.amount), "window": window, "time_zone": zone}
        return {**known, "scope": self.scope} if self.scope else known

    @property
    def is_untouched(self) -> bool:
        return replace(self, scope="") == LimitRow()


PARTS = tuple(part.name for part in fields(LimitRow))


def number(text: str) -> Decimal | str:
    """With commas between thousands or without."""
    return Decimal(text.strip().replace(",", "")) if NUMBER.fullmatch(text.strip()) else text


def time_zones() -> list[str]:
    """Those that people know by a place."""
    known = (name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    return ["UTC", *sorted(known)]


class LimitsWidget(forms.Widget):
    """A list of rows; each part of a row has one name in all of them, so that no row has a number."""

    template_name = "providers/admin/limits.html"
    use_fieldset = True
    scopes: Sequence[LimitScope] = ()

    class Media:
        css: ClassVar = {"all": ("providers/limits.css",)}
        js = ("providers/limits.js",)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        scopes = [(scope.value, SCOPES[scope]) for scope in self.scopes if len(self.scopes) > 1]
        return context | {
            "name": name,
            "rows": value or (),
            "blank": LimitRow(),
            "units": [(unit.value, unit.words) for unit in Unit],
            "spans": [(span.value, span.value) for span in Span],
            "counting": COUNTING,
            "scopes": scopes,
            "zones": time_zones(),
        }

    def format_value(self, value: Any) -> Any:
        return value

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[LimitRow]:
        columns = (data.getlist(f"{name}-{part}") for part in PARTS)
        rows = (LimitRow(*cells) for cells in zip_longest(*columns, fillvalue=""))
        return [row for row in rows if not row.is_untouched]


class LimitsField(forms.Field):
    """Its value is the whole list, as ``limit_lists`` writes it."""

    widget = LimitsWidget

    def __init__(self, scopes: Sequence[LimitScope] = (), **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.hold_for(scopes)

    def hold_for(self, scopes: Sequence[LimitScope]) -> None:
        """What a limit of this owner may hold for; the first where nothing is said."""
        self.scopes = tuple(scopes)
        self.widget.scopes = self.scopes

    def prepare_value(self, value: Any) -> list[LimitRow]:
        """Of limits as they are written, or of rows as they were typed."""
        return [each if isinstance(each, LimitRow) else LimitRow.of(each) for each in value or ()]

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        try:
            return [limit_lists.written(entry) for entry in limit_lists.read([row.value for row in value], self.scopes)]
        except ValidationError as refusal:
            raise ValidationError(refusal.message_dict["limits"]) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != self.prepare_value(data)

    def in_words(self, value: Any) -> str:
        entries = limit_lists.read(value, self.scopes)
        return "; ".join(limit_lists.told(entry) for entry in entries) or "nothing"


def fields_of_rows(written: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Each part of each row by its name, for a script that fills them in."""
    return [dict(zip(PARTS, astuple(LimitRow.of(limit)), strict=True)) for limit in written]
