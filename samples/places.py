"""Where the rows of one list stand, as a value: what a page has shown and what the database holds can be compared."""

from dataclasses import dataclass
from hashlib import blake2s


@dataclass(frozen=True, slots=True)
class Places:
    """Keys in their order."""

    keys: tuple[int, ...]

    @property
    def mark(self) -> str:
        """A short text that differs where the order does."""
        return blake2s(" ".join(map(str, self.keys)).encode(), digest_size=8).hexdigest()

    def neighbour_of(self, key: int) -> dict[str, int]:
        """What puts the row back to where it stands; empty where it stands alone."""
        place = self.keys.index(key)
        if place:
            return {"after": self.keys[place - 1]}
        return {"before": self.keys[1]} if len(self.keys) > 1 else {}

    def moved(self, key: int, neighbour: int, *, is_after: bool) -> "Places":
        """With one key right before or right after another one."""
        if key == neighbour:
            return self
        rest = [each for each in self.keys if each != key]
        rest.insert(rest.index(neighbour) + is_after, key)
        return Places(tuple(rest))
