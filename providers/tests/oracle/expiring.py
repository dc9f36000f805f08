"""Names that count until a time, each with one of its own."""

import heapq


class Expiring:
    """To count them costs no more than those that have run out since they were counted last."""

    def __init__(self) -> None:
        self._until: dict[str, int] = {}
        self._soonest: list[tuple[int, str]] = []

    def until(self, name: str) -> int:
        return self._until.get(name, 0)

    def put(self, name: str, until_ms: int) -> None:
        self._until[name] = until_ms
        heapq.heappush(self._soonest, (until_ms, name))

    def drop(self, name: str) -> None:
        self._until.pop(name, None)

    def count(self, now_ms: int) -> int:
        """How many count still; the others are forgotten."""
        while self._soonest and self._soonest[0][0] <= now_ms:
            until, name = heapq.heappop(self._soonest)
            if self._until.get(name) == until:
                del self._until[name]
        return len(self._until)
