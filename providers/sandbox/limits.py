"""The sandbox's limits per key: a true sliding window, so that whoever exceeds a limit is told so. Pure."""

from collections import deque
from dataclasses import dataclass, field, replace

NAMES = {1.0: "second", 60.0: "minute", 3600.0: "hour", 86_400.0: "day"}


@dataclass(slots=True)
class KeyLimit:
    """What one key may do in any ``window_s``. Refused calls count for nothing. ``names_window``: the headers do."""

    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    window_s: float = 60.0
    names_window: bool = False
    admitted: deque[tuple[float, int]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        if self.names_window and self.window_s not in NAMES:
            raise ValueError(f"Headers have no name for a window of {self.window_s:g} s: only for those of {[*NAMES]}.")

    def for_another_key(self) -> "KeyLimit":
        return replace(self, admitted=deque())

    def wait_s(self, now: float, tokens: int) -> float:
        """Admits a call of ``tokens`` and returns 0, or returns how long it would have to wait."""
        while self.admitted and self.admitted[0][0] <= now - self.window_s:
            self.admitted.popleft()
        wait_s = max(self._wait_for_request(now), self._wait_for_tokens(now, tokens))
        if wait_s == 0:
            self.admitted.append((now, tokens))
        return wait_s

    def headers(self, now: float) -> dict[str, str]:
        """What is left, in OpenAI's headers, or with the name of the window in Cerebras'."""
        suffix = f"-{NAMES[self.window_s]}" if self.names_window else ""
        reset = f"{self._until(0, now):.3f}s" if self.admitted else "0s"
        found: dict[str, str] = {}
        if self.requests_per_minute is not None:
            left = max(0, self.requests_per_minute - len(self.admitted))
            found |= _headers("requests", suffix, self.requests_per_minute, left, reset)
        if self.tokens_per_minute is not None:
            left = max(0, self.tokens_per_minute - sum(spent for _, spent in self.admitted))
            found |= _headers("tokens", suffix, self.tokens_per_minute, left, reset)
        return found

    def _wait_for_request(self, now: float) -> float:
        if self.requests_per_minute is None or len(self.admitted) < self.requests_per_minute:
            return 0.0
        return self._until(len(self.admitted) - self.requests_per_minute, now)

    def _wait_for_tokens(self, now: float, tokens: int) -> float:
        if self.tokens_per_minute is None:
            return 0.0
        excess = sum(spent for _, spent in self.admitted) + tokens - self.tokens_per_minute
        if excess <= 0:
            return 0.0
        for place, (_, spent) in enumerate(self.admitted):
            excess -= spent
            if excess <= 0:
                return self._until(place, now)
        return self.window_s  # the call alone is more than the limit

    def _until(self, place: int, now: float) -> float:
        """When the admitted call at ``place`` leaves the window; a whole window where there is none."""
        if not self.admitted:
            return self.window_s
        return max(0.001, self.admitted[place][0] + self.window_s - now)


def _headers(unit: str, suffix: str, limit: int, left: int, reset: str) -> dict[str, str]:
    return {
        f"x-ratelimit-limit-{unit}{suffix}": str(limit),
        f"x-ratelimit-remaining-{unit}{suffix}": str(left),
        f"x-ratelimit-reset-{unit}{suffix}": reset,
    }
