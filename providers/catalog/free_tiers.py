"""The limits of vendors' free tiers, as published: values, what the columns can hold of them, and words.

What a person's key really has differs, so they are offered and never set over anything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from providers.catalog import known_models
from providers.choices import LimitsScope
from providers.routing.config import LimitEntry, LimitScope, limit_name
from providers.routing.limits.amounts import Unit
from providers.routing.limits.window import Span, Window

Scope = Literal["account", "model"]
NAMES = {"requests": "requests", "tokens": "tokens", "input": "input tokens", "uncached": "uncached tokens"}
"""Of what is counted call by call, as people read it."""
MODELS_AT_ONCE, GPU_TIME = "models at once", "GPU time"


@dataclass(frozen=True, slots=True)
class FreeLimit:
    """``amount`` is None where it is not published; ``count`` and ``window`` say of which time it is: 5 and "hour".

    ``calendar`` is the time zone of a window that begins with its day, its week or its month; empty: it slides.
    """

    scope: Scope
    unit: str
    amount: int | None
    count: int = 1
    window: str = ""
    calendar: str = ""

    @property
    def entry(self) -> LimitEntry | None:
        """As it is counted here; None of what is not published, or no call tells."""
        if self.amount is None or self.unit not in NAMES:
            return None
        window = Window(self.count, Span(self.window), self.calendar)
        return LimitEntry(LimitScope(self.scope), Unit(self.unit), self.amount, window)

    @property
    def column(self) -> str | None:
        """The one that holds such a limit, whatever its scope; ``limits``: a row of its own."""
        if self.unit == MODELS_AT_ONCE:
            return None if self.amount is None else "max_concurrency"
        return limit_name(self.entry.unit, self.entry.window) if self.entry else None


@dataclass(frozen=True, slots=True)
class FreeTier:
    """``columns`` are values for a provider's columns, ``rows`` its other limits; ``rest`` is what neither can say."""

    columns: Mapping[str, Any]
    rows: tuple[LimitEntry, ...]
    rest: tuple[FreeLimit, ...]


def free_limits(vendor: str) -> tuple[FreeLimit, ...]:
    return tuple(parse(entry) for entry in known_models.free_limits(vendor))


def parse(entry: Mapping[str, Any]) -> FreeLimit:
    count, _, window = (entry["window"] or "1 ").partition(" ")
    unit = next((unit for unit, name in NAMES.items() if name == entry["unit"]), entry["unit"])
    return FreeLimit(
        entry["scope"], unit, entry["amount"], int(count), window.removesuffix("s"), entry.get("calendar", "")
    )


def split(limits: Iterable[FreeLimit]) -> FreeTier:
    """What a provider's columns can hold, of one scope, since they have only one; its other limits; and the rest."""
    listed = tuple(limits)
    own_rows = [limit for limit in listed if limit.column == "limits"]
    held = [limit for limit in listed if limit.column and limit not in own_rows]
    scope = next((limit.scope for limit in held if limit.unit != MODELS_AT_ONCE), None)
    held = [limit for limit in held if limit.unit == MODELS_AT_ONCE or limit.scope == scope]
    columns: dict[str, Any] = {str(limit.column): limit.amount for limit in held}
    if scope is not None:
        columns["limits_scope"] = (LimitsScope.MODEL if scope == "model" else LimitsScope.ACCOUNT).value
    rows = tuple(limit.entry for limit in own_rows if limit.entry)
    return FreeTier(columns, rows, tuple(limit for limit in listed if limit not in (*held, *own_rows)))


def words(limit: FreeLimit) -> str:
    """``200,000 tokens a day and model``; what cannot be counted, and what is not published, is said to be so."""
    if limit.unit == MODELS_AT_ONCE:
        return (
            "models at once: not published"
            if limit.amount is None
            else f"{limit.amount:,} model{'' if limit.amount == 1 else 's'} at once"
        )
    article = "an" if limit.window == "hour" else "a"
    span = f"{article} {limit.window}" if limit.count == 1 else f"in {limit.count} {limit.window}s"
    per = " and model" if limit.scope == "model" else ""
    since = f", from midnight in {limit.calendar}" if limit.calendar else ""
    if limit.unit == GPU_TIME:
        return f"GPU time {span}{per}, which cannot be counted here"
    name = NAMES.get(limit.unit, limit.unit)
    if limit.amount is None:
        return f"{name} {span}{per}{since}: amount not published"
    return f"{limit.amount:,} {name} {span}{per}{since}"
