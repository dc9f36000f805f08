"""Who did what a page did not know of yet."""

from typing import Literal

from providers.models import Model, Provider

What = Literal["order", "enabled", "champion", "fields"]


def who_changed(row: Provider | Model, what: What, *, own: int = 0) -> str:
    """Begins a sentence. ``own`` is how many of the newest changes are this request's own, to be passed over."""
    return "Somebody"
