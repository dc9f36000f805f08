"""What the server does for the scripts: values under names, that run out."""

from collections.abc import Callable
from typing import Any


def ms(seconds: float) -> int:
    return round(seconds * 1000)


class Keys:
    """``clock`` gives seconds. A value is replaced, never changed in its place; but for a window, and for what expires
    by itself."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._values: dict[tuple[str, str], tuple[Any, float]] = {}

    @property
    def now(self) -> int:
        return ms(self._clock())

    def get(self, kind: str, name: str, default: Any = None) -> Any:
        found = self._values.get((kind, name))
        return found[0] if found and found[1] > self.now else default

    def put(self, kind: str, name: str, value: Any, for_ms: float) -> None:
        self._values[kind, name] = value, self.now + for_ms

    def change(self, kind: str, name: str, value: Any) -> None:
        """It runs out when the value before it would have."""
        _, until = self._values.get((kind, name), (None, float("inf")))
        self._values[kind, name] = value, until if until > self.now else float("inf")

    def drop(self, kind: str, name: str) -> None:
        self._values.pop((kind, name), None)

    def drop_all(self) -> None:
        self._values.clear()
