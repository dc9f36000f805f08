"""An estimate in plain words, by tables."""

from decimal import Decimal
from typing import Any

import pytest

from generation.engine.estimates import words
from generation.engine.estimates.estimate import CapReach, Estimate, Range
from generation.engine.estimates.jobs import Bound
from providers.routing.config import ModelEntry, ProviderEntry
from providers.routing.limits.amounts import Unit
from providers.routing.limits.budget import Bucket
from providers.routing.limits.window import DAY, MINUTE
from providers.routing.route import Route

GROQ = Route(ProviderEntry("groq", "Groq", "openai", ""), ModelEntry("llama", "Llama 3.3"))
A_MINUTE = Bucket("groq", Unit.REQUESTS, MINUTE, 30)
A_DAY = Bucket("groq/llama", Unit.REQUESTS, DAY, 1_000)


def estimate(**fields):
    values: dict[str, Any] = {
        "seconds": Range(2_350, 2_420),
        "tokens": Range(1.2e6, 1.6e6),
        "cost": Range(0.84, 1.10),
        "bound": None,
    }
    values |= {"days": 0, "waits_for": None, "calls": 312, "routes": ((GROQ, 1.0),), "unpriced": ()}
    return Estimate(**{**values, **fields})


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0.2, 0.4, "about 1 s"),
        (12, 40, "12 to 40 s"),
        (2_350, 2_420, "39 to 40 min"),
        (2_390, 2_410, "about 40 min"),
        (3 * 3600, 7 * 3600, "3 to 7 h"),
        (86_400 * 11.8, 86_400 * 12.2, "about 12 days"),
        (1.0e9, 1.0e9, "about 12,000 days"),
    ],
)
def test_a_time_is_told_in_one_unit(low, high, told):
    assert words.time_words(Range(low, high)) == told


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [(1.21e6, 1.58e6, "1.2 to 1.6 M tokens"), (812, 814, "about 810 tokens"), (21_000, 44_000, "21 to 44 k tokens")],
)
def test_tokens_are_told_with_two_digits(low, high, told):
    assert words.token_words(Range(low, high)) == told


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0.84, 1.10, "$0.84 to $1.10"),
        (0, 0, "about $0"),
        (0.00123, 0.00456, "$0.0012 to $0.0046"),
        (589.97, 1_566.95, "$590 to $1,570"),
    ],
)
def test_money_is_told_as_exactly_as_an_estimate_may(low, high, told):
    assert words.cost_words(Range(low, high)) == told


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"bound": Bound("groq/llama", A_MINUTE)}, "30 requests per minute of Groq"),
        ({"bound": Bound("groq/llama", calls_at_once=32)}, "how fast Groq: Llama 3.3 answers, with 32 calls at once"),
        (
            {"days": 12, "waits_for": A_DAY, "bound": Bound("groq/llama", A_MINUTE)},
            "1,000 requests per day of Groq: Llama 3.3",
        ),
        ({}, ""),
    ],
)
def test_what_limits_it_is_named(fields, told):
    assert words.limit_of(estimate(**fields)) == told


def test_days_are_said_with_the_limit_that_makes_them():
    told = words.days_words(estimate(days=12, waits_for=A_DAY))
    assert told.startswith("1,000 requests per day of Groq: Llama 3.3 are all, so it goes on into day 12")
    assert words.days_words(estimate()) == ""


def test_what_it_is_based_on_is_said():
    assert words.basis_words(estimate(), 7) == "From 312 calls of the last 7 days."
    assert words.basis_words(estimate(calls=0), 7).startswith("No calls yet")


def test_a_cap_that_is_too_low_says_after_how_many_samples():
    told = dict(words.cap_words(estimate(token_cap=CapReach(5_212, True), cost_cap=CapReach(0, True))))
    assert told["token_cap"] == "The token cap is reached after about 5,200 samples. The batch pauses there."
    assert told["cost_cap"] == "The cost cap leaves no room for even one sample."
    unsure = dict(words.cap_words(estimate(token_cap=CapReach(900, False))))
    assert "may be reached before the end" in unsure["token_cap"]


def test_routes_without_prices_are_named():
    assert (
        words.price_words(estimate(unpriced=(GROQ,)))
        == "Without the part of Groq: Llama 3.3, whose prices are not known."
    )
    assert words.price_words(estimate(unpriced=(GROQ,), cost=None)) == "No prices are known of Groq: Llama 3.3."


def test_who_makes_how_much_is_said_where_several_do():
    other = Route(ProviderEntry("b", "Other", "openai", ""), ModelEntry("x", input_price=Decimal(1)))
    assert (
        words.share_words(estimate(routes=((GROQ, 0.7), (other, 0.3))))
        == "Groq: Llama 3.3 about 70%, Other: x about 30%."
    )
    assert words.share_words(estimate()) == ""
