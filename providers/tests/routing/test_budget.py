"""Buckets as values: what a call costs, and how long that counts."""

from decimal import Decimal

import pytest

from providers.routing.limits.amounts import Amounts, Unit, millionths
from providers.routing.limits.budget import Bucket
from providers.routing.limits.window import MINUTE

REQUESTS = Bucket("groq", Unit.REQUESTS, MINUTE, 30)
TOKENS = Bucket("groq", Unit.TOKENS, MINUTE, 5500)


@pytest.mark.parametrize(
    ("bucket", "tokens", "cost"),
    [(REQUESTS, 900, 1), (REQUESTS, 0, 1), (TOKENS, 900, 900), (TOKENS, 9000, 5500), (TOKENS, -1, 0)],
)
def test_a_call_costs_one_request_or_its_tokens_but_never_more_than_the_limit(bucket, tokens, cost):
    assert bucket.cost(Amounts(tokens)) == cost


def test_an_entry_counts_for_its_window_and_the_margin():
    assert REQUESTS.span_ms == 60_250


@pytest.mark.parametrize(
    ("unit", "amount"),
    [
        (Unit.REQUESTS, 1),
        (Unit.TOKENS, 1_000),
        (Unit.INPUT, 600),
        (Unit.OUTPUT, 400),
        (Unit.UNCACHED, 900),
        (Unit.MONEY, 2_500),
    ],
)
def test_each_unit_counts_its_own_part_of_a_call(unit, amount):
    assert Amounts(600, 400, cached=100, money=2_500).of(unit) == amount


def test_nonsense_of_a_vendor_counts_as_nothing_not_as_less():
    assert Amounts(10, 5, cached=99).of(Unit.UNCACHED) == 5
    assert Amounts(-3, 0).of(Unit.INPUT) == 0


@pytest.mark.parametrize(
    ("unit", "amount", "words"),
    [
        (Unit.REQUESTS, 1_000, "1,000 requests per minute"),
        (Unit.INPUT, 8_000, "8,000 input tokens per minute"),
        (Unit.MONEY, 2_500_000, "2.50 US dollars per minute"),
        (Unit.MONEY, 5_000_000, "5 US dollars per minute"),
        (Unit.MONEY, 1, "0.000001 US dollars per minute"),
    ],
)
def test_a_limit_is_told_in_words(unit, amount, words):
    assert Bucket("groq", unit, MINUTE, amount).words == words


def test_what_is_paid_is_rounded_up_to_the_millionth():
    assert [millionths(Decimal(money)) for money in ("0.0000001", "1.5", "0")] == [1, 1_500_000, 0]
