"""What is looked at everywhere, every value with every place: a part of it every day, the rest by ``make nightly``."""

from collections.abc import Collection, Iterable
from typing import Any

import pytest


def sweep(values: Iterable[Any], every_day: Collection[Any]) -> list[Any]:
    """All of them at night, some of them every day: for ``pytest.mark.parametrize``."""
    return [pytest.param(value, marks=() if value in every_day else pytest.mark.nightly) for value in values]
