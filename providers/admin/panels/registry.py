"""Panels around the form of a row's own page. Each module adds its own, so that a page need not know who has one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.safestring import SafeString

# What to show of the row to this person; empty where that is nothing.
Render = Callable[[HttpRequest, Any], SafeString]


@dataclass(frozen=True, slots=True)
class Panel:
    place: int
    render: Render


BELOW_FORM = 50
"""Panels of a lower place stand above the form: what people need most often."""

_panels: dict[type[models.Model], list[Panel]] = {}


def panel(model: type[models.Model], *, place: int) -> Callable[[Render], Render]:
    """Decorator: show this on the page of every row of ``model``, the lowest ``place`` first."""

    def register(render: Render) -> Render:
        listed = _panels.setdefault(model, [])
        listed.append(Panel(place, render))
        listed.sort(key=lambda entry: entry.place)
        return render

    return register


def render_panels(request: HttpRequest, row: models.Model, *, above: bool = False) -> list[SafeString]:
    wanted = [entry for entry in _panels.get(type(row), ()) if (entry.place < BELOW_FORM) is above]
    return [shown for entry in wanted if (shown := entry.render(request, row))]
