"""What calls took from one bucket, oldest first."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """What one call took, and when it left."""

    at_ms: int
    amount: int


class Log:
    """Its sum is kept, so that a long window costs no more than a short one."""

    def __init__(self) -> None:
        self.total = 0
        self._entries: dict[str, Entry] = {}
        self._order: list[tuple[int, str]] = []

    def entries(self) -> Iterable[Entry]:
        return self._entries.values()

    def get(self, call_id: str) -> Entry | None:
        return self._entries.get(call_id)

    def put(self, call_id: str, entry: Entry) -> None:
        self.drop(call_id)
        self._entries[call_id] = entry
        insort(self._order, (entry.at_ms, call_id))
        self.total += entry.amount

    def drop(self, call_id: str) -> None:
        entry = self._entries.pop(call_id, None)
        if entry is not None:
            del self._order[bisect_left(self._order, (entry.at_ms, call_id))]
            self.total -= entry.amount

    def forget_until(self, edge_ms: int) -> None:
        """Those that left then or earlier count no more."""
        gone = bisect_left(self._order, (edge_ms + 1, ""))
        for _, call_id in self._order[:gone]:
            self.total -= self._entries.pop(call_id).amount
        del self._order[:gone]

    def freed_at(self, amount: int) -> int | None:
        """When the call left with which the oldest ones make up so many units; None where all are fewer."""
        freed = 0
        for at_ms, call_id in self._order:
            freed += self._entries[call_id].amount
            if freed >= amount:
                return at_ms
        return None
