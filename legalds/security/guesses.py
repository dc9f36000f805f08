"""How often somebody may be wrong about a password or a token, counted in the shared cache for all processes.

A guess is counted before it is looked at, so that many at once get no further than one after the other, and given back
where it was right. With Redis away nothing is counted: people must be able to get in then, too.
"""

import hashlib
import logging
import math
import time
from dataclasses import dataclass

from django.core.cache import cache
from redis import RedisError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many wrong guesses of one guesser in each window of the clock."""

    name: str
    wrong: int
    window_s: int


@dataclass(frozen=True, slots=True)
class Guesser:
    """Whoever an allowance is counted for."""

    allowance: Allowance
    who: tuple[str, ...]

    def key(self, now: float) -> str:
        digest = hashlib.sha256(repr(self.who).encode()).hexdigest()[:32]
        return f"guesses:{self.allowance.name}:{digest}:{int(now // self.allowance.window_s)}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """``is_first``: of this window, so that a log need not repeat it."""

    wait_s: int
    is_first: bool


def guess(*guessers: Guesser) -> Refusal | None:
    """Count a guess for each of them; None where all of them may still guess."""
    now = _now()
    try:
        for guesser in guessers:
            allowance = guesser.allowance
            count = _count(guesser.key(now), allowance.window_s)
            if count > allowance.wrong:
                wait_s = math.ceil(allowance.window_s - now % allowance.window_s)
                return Refusal(wait_s, is_first=count == allowance.wrong + 1)
    except RedisError:
        logger.warning("wrong guesses are not counted: the cache is away")
    return None


def was_right(*guessers: Guesser) -> None:
    """It was none: it is not counted."""
    now = _now()
    try:
        for guesser in guessers:
            cache.decr(guesser.key(now))
    except (RedisError, ValueError):  # ValueError: a new window has begun
        logger.debug("a right guess could not be given back")


def _count(key: str, window_s: int) -> int:
    cache.add(key, 0, window_s)
    try:
        return cache.incr(key)
    except ValueError:  # it has run out in between
        return 1


def _now() -> float:
    return time.time()
