"""Even mixing: an endless walk over all combinations of several axes, fair to every axis at every step."""

import math
import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis beside those before it, which together repeat every ``period`` steps.

    The axis is cut into ``size // group`` members of ``group`` values, the longest that line up with the period. A
    member's values come in an order drawn per place in the period (``order``), and move on by one per run, a run being
    the steps until period and size meet again. So any ``size`` steps from a multiple of ``size`` hold each value once,
    and within ``period * size`` steps each value meets each place of the period exactly once.
    """

    size: int
    period: int
    group: int
    run: int
    order: tuple[int, ...]

    def value(self, step: int) -> int:
        member = step % self.size // self.group
        shift = step // self.run
        return member * self.group + (self.order[step % self.period] + shift) % self.group


@dataclass(frozen=True, slots=True)
class Mix:
    """The walk. After any number of steps each value and each combination was used floor or ceil times."""

    axes: tuple[Axis, ...]

    def values(self, step: int) -> tuple[int, ...]:
        """The value of each axis at ``step``, 0 first."""
        return tuple(axis.value(step) for axis in self.axes)


def mix(sizes: tuple[int, ...], rng: random.Random) -> Mix:
    """Mix axes of these sizes; earlier ones pair up sooner. Memory is the product of all sizes but the last."""
    axes: list[Axis] = []
    period = 1
    for size in sizes:
        axes.append(_axis(size, period, rng))
        period *= size
    return Mix(tuple(axes))


def _axis(size: int, period: int, rng: random.Random) -> Axis:
    group = math.gcd(size, period)
    order: list[int] = []
    for _ in range(period // group):
        order += rng.sample(range(group), group)
    return Axis(size, period, group, math.lcm(size, period), tuple(order))
