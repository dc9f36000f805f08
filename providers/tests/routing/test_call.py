"""What a call costs."""

from dataclasses import replace
from decimal import Decimal

import pytest

from providers.llm.types import Usage
from providers.routing.call import cost
from providers.routing.config import ModelEntry

TEN = Decimal(10)
MILLION = Usage(1_000_000, 1_000_000, cached_tokens=400_000, reasoning_tokens=900_000)


@pytest.mark.parametrize(
    ("prices", "total"),
    [
        ({"input_price": TEN, "output_price": 10 * TEN}, 110),
        ({"input_price": TEN, "cached_input_price": TEN / 10, "output_price": 10 * TEN}, Decimal("106.4")),
        ({"input_price": TEN, "cached_input_price": 0 * TEN, "output_price": 10 * TEN}, 106),
        ({"cached_input_price": TEN, "output_price": TEN}, None),
        ({"input_price": TEN, "cached_input_price": TEN}, None),
    ],
    ids=["no price of their own", "a tenth", "free", "no input price", "no output price"],
)
def test_cached_tokens_have_a_price_of_their_own_and_thinking_costs_as_answers_do(prices, total):
    assert cost(replace(ModelEntry("m"), **prices), MILLION) == total
