"""What is taken of the price data, and what is left: a price that is not the model's own is none."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tools.model_prices import models_of


@dataclass
class Price:
    input_mtok: Any
    output_mtok: Any


@dataclass
class Tier:
    start: int


@dataclass
class Tiered:
    base: Decimal
    tiers: list[Tier]


@dataclass
class Since:
    start_date: date


@dataclass
class Hours:
    start_time: str = "01:00"


@dataclass
class Conditional:
    constraint: Any
    prices: Price


@dataclass
class Equals:
    equals: str


@dataclass
class StartsWith:
    starts_with: str


@dataclass
class Or:
    or_: list[Any]


@dataclass
class Entry:
    id: str
    prices: Any
    match: Any = field(default_factory=lambda: StartsWith("m"))
    context_window: int | None = None


PLAIN = Price(Decimal("0.150"), Decimal("1E+1"))


def test_a_price_goes_by_every_name_that_means_this_model_alone():
    match = Or([Equals("m-1"), StartsWith("m-1-"), Equals("m-latest"), Equals("m:free")])
    found = dict(models_of("groq", [Entry("m", PLAIN, match, 131072)]))
    told = {"context_window": 131072, "prices": [{"from": None, "input": "0.15", "output": "10"}]}
    assert found == {"m": told, "m-1": told}


@pytest.mark.parametrize(
    ("prices", "told"),
    [
        (Price(Tiered(Decimal(1), [Tier(200)]), Decimal(2)), [{"from": None, "input": "1", "output": "2"}]),
        (
            [Conditional(None, PLAIN), Conditional(Since(date(2026, 12, 1)), Price(Decimal(4), Decimal(20)))],
            [
                {"from": None, "input": "0.15", "output": "10"},
                {"from": "2026-12-01", "input": "4", "output": "20"},
            ],
        ),
        ([Conditional(None, PLAIN), Conditional(Hours(), PLAIN)], []),
        (Price(Decimal(1), None), []),
    ],
)
def test_a_price_with_tiers_or_days_is_told_so_and_one_that_cannot_be_is_none(prices, told):
    ((_, found),) = models_of("groq", [Entry("m", prices, context_window=8192)])
    assert [{name: entry[name] for name in ("from", "input", "output")} for entry in found["prices"]] == told
    assert [entry["dearer_above"] for entry in found["prices"] if "dearer_above" in entry] == (
        [200] if isinstance(prices, Price) and isinstance(prices.input_mtok, Tiered) else []
    )


def test_what_is_sold_at_another_address_and_what_nothing_is_known_of_is_left_out():
    models = [Entry("claude", PLAIN), Entry("gemini-9", PLAIN), Entry("gemini-0", Price(None, None))]
    assert set(dict(models_of("google", models))) == {"gemini-9"}
