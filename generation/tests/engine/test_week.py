"""Forecasts held against what then happened, on a virtual clock."""

from random import Random

import pytest

from generation.tests.engine.week import Order, Vendor, World
from providers.routing.limits.amounts import Amounts, Unit
from providers.routing.limits.budget import Bucket
from providers.routing.limits.urgency import Urgency
from providers.routing.limits.window import DAY, MINUTE, SECOND, Span, Window
from providers.routing.seconds import HOUR_S

PACIFIC_DAY = Window(1, Span.DAY, "America/Los_Angeles")
MONTH = Window(1, Span.MONTH)
HOUR = Window(1, Span.HOUR)
THURSDAY = 1_795_089_600 + 9 * HOUR_S  # 09:00 UTC on 19 November 2026
WIDTH = 0.10
SOONEST_S = HOUR_S
LEAST_S = 900.0
"""What an end may be off however near it is: what leaves a day's window is known by the quarter of an hour."""


def groq():
    limits = [(Unit.REQUESTS, MINUTE, 30), (Unit.TOKENS, MINUTE, 8_000), (Unit.REQUESTS, DAY, 200)]
    own = tuple(Bucket("groq/llama", unit, window, limit) for unit, window, limit in limits)
    account = (Bucket("groq", Unit.TOKENS, DAY, 300_000),)
    return Vendor("groq/llama", own + account, Amounts(600, 800), 2.0)


def google():
    limits = [(Unit.REQUESTS, MINUTE, 10), (Unit.INPUT, MINUTE, 250_000), (Unit.REQUESTS, PACIFIC_DAY, 250)]
    buckets = tuple(Bucket("google/flash", unit, window, limit) for unit, window, limit in limits)
    return Vendor("google/flash", buckets, Amounts(600, 1_500), 8.0)


def mistral():
    limits = [(Unit.REQUESTS, SECOND, 1), (Unit.TOKENS, MINUTE, 50_000), (Unit.TOKENS, MONTH, 400_000)]
    buckets = tuple(Bucket("mistral", unit, window, limit) for unit, window, limit in limits)
    return Vendor("mistral/small", buckets, Amounts(600, 900), 5.0)


def cerebras():
    limits = [(Unit.REQUESTS, MINUTE, 10), (Unit.TOKENS, HOUR, 60_000), (Unit.TOKENS, DAY, 300_000)]
    buckets = tuple(Bucket("cerebras/oss", unit, window, limit) for unit, window, limit in limits)
    return Vendor("cerebras/oss", buckets, Amounts(600, 700), 1.0)


def misses(world):
    """Of every forecast from the first hour on: when it was made, how long it then took, how far it was off."""
    for told in world.told:
        took_s = world.orders[told.order].ended_s - told.at_s
        if told.at_s >= SOONEST_S:
            yield told.at_s, took_s, abs(told.run.seconds - took_s) if told.run else float("inf")


def worlds():
    """Each with a seed, so that what is left of a day at the end is not nearly none or nearly all."""
    yield "all", [groq(), google(), mistral(), cerebras()], [Order(3_800)]
    yield "two batches", [groq(), google(), cerebras()], [Order(1_200), Order(1_800, urgency=Urgency.URGENT)]
    yield "equal batches", [groq(), google(), cerebras()], [Order(900), Order(1_800)]
    yield "groq", [groq()], [Order(1_000)]
    yield "google", [google()], [Order(1_100)]
    yield "mistral", [mistral()], [Order(230)]
    yield "cerebras", [cerebras()], [Order(1_000)]


EVERY_DAY = ("all", "two batches", "google")
SEEDS = [pytest.param(seed, marks=() if seed == 0 else pytest.mark.nightly) for seed in range(4)]
NAMES = [
    pytest.param(name, marks=() if name in EVERY_DAY else pytest.mark.nightly)
    for name in ("all", "two batches", "equal batches", "groq", "google", "mistral", "cerebras")
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_end_is_foretold_within_a_tenth_from_the_first_hour_on(name, seed):
    vendors, orders = next((vendors, orders) for known, vendors, orders in worlds() if known == name)
    world = World(vendors, orders, Random(f"{name} {seed}"), THURSDAY)
    world.pass_time(24 * 8)
    wrong = [
        f"after {at_s / HOUR_S:.0f} h, {took_s / HOUR_S:.1f} h before the end: by {miss_s / HOUR_S:.1f} h"
        for at_s, took_s, miss_s in misses(world)
        if miss_s > max(WIDTH * took_s, LEAST_S)
    ]
    assert world.told
    assert not wrong
