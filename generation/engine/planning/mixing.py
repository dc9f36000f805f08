"""Even mixing: an endless walk over all combinations of several axes, fair to every axis at every step."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

KEY_MAX = 2**63


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis beside those before it, which together repeat every ``period`` steps.

    The axis is cut into ``size // group`` members of ``group`` values, the longest that line up with the period. A
    member's values come in an order drawn per place in the period by ``key``, and move on by one per run, a run being
    the steps until period and size meet again. So any ``size`` steps from a multiple of ``size`` hold each value once,
    and within ``period * size`` steps each value meets each place of the period exactly once.
    """

    size: int
    period: int
    group: int
    run: int
    key: int

    def value(self, step: int) -> int:
        member = step % self.size // self.group
        block, place = divmod(step % self.period, self.group)
        shift = step // self.run
        return member * self.group + (permutation(self.key, block, self.group)[place] + shift) % self.group


@dataclass(frozen=True, slots=True)
class Mix:
    """The walk. After any number of steps each value and each combination was used floor or ceil times."""

    axes: tuple[Axis, ...]

    def values(self, step: int) -> tuple[int, ...]:
        """The value of each axis at ``step``, 0 first."""
        return tuple(axis.value(step) for axis in self.axes)


def mix(sizes: tuple[int, ...], rng: random.Random) -> Mix:
    """Mix axes of these sizes; earlier ones pair up sooner. Memory does not grow with the sizes."""
    axes: list[Axis] = []
    period = 1
    for size in sizes:
        axes.append(Axis(size, period, math.gcd(size, period), math.lcm(size, period), rng.randrange(KEY_MAX)))
        period *= size
    return Mix(tuple(axes))


@lru_cache(maxsize=4_096)
def permutation(key: int, block: int, size: int) -> tuple[int, ...]:
    """The numbers below ``size`` in an order drawn by key and block, the same one each time."""
    if size == 1:
        return (0,)
    drawn = random.Random(f"{key}:{block}")  # noqa: S311 - variety, not secrecy
    return tuple(drawn.sample(range(size), size))


def balanced(weights: Sequence[int], rng: random.Random) -> tuple[int, ...]:
    """A round in which each index comes as often as its weight, after any n entries floor or ceil of its quota of n.

    Of those below the quota's ceiling that comes next whose next turn is due first (Tijdeman's chairman assignment);
    where several are, chance decides. Equal weights: the indices in any order.
    """
    total = sum(weights)
    chances = rng.sample(range(len(weights)), len(weights))
    used = [0] * len(weights)
    entries: list[int] = []
    for step in range(1, total + 1):
        ready = [index for index, weight in enumerate(weights) if used[index] * total < step * weight]
        chosen = min(ready, key=lambda index: (-(-(used[index] + 1) * total // weights[index]), chances[index]))
        used[chosen] += 1
        entries.append(chosen)
    return tuple(entries)


def reduced(weights: Sequence[int]) -> tuple[int, ...]:
    """The same proportions in the smallest numbers."""
    divisor = math.gcd(*weights) or 1
    return tuple(weight // divisor for weight in weights)
