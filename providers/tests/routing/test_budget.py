"""Buckets as values: what a call costs, and how long that counts."""

import pytest

from providers.routing.limits.amounts import Amounts, Unit
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
