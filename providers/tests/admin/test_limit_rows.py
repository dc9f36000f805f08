"""Rows of limits as text, as a page holds them."""

from decimal import Decimal

import pytest

from providers.admin.limit_rows import LimitRow, LimitsField, number, time_zones
from providers.routing.config import LimitScope

HOURLY = {"scope": "account", "unit": "tokens", "amount": 1_000_000, "window": "5 hours", "time_zone": None}
BUDGET = {"scope": "installation", "unit": "money", "amount": 0.0001, "window": "1 month", "time_zone": "UTC"}


@pytest.mark.parametrize("written", [HOURLY, BUDGET])
def test_a_limit_comes_back_as_it_went_in(written):
    field = LimitsField([LimitScope(written["scope"])])
    assert field.clean(field.prepare_value([written])) == [written]
    assert not field.has_changed([written], field.prepare_value([written]))


def test_a_row_reads_without_an_exponent():
    assert [LimitRow.of(each).amount for each in (HOURLY, BUDGET)] == ["1000000", "0.0001"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (" 200000 ", Decimal(200_000)),
        ("1,200,000.5", Decimal("1200000.5")),
        (".5", Decimal("0.5")),
        ("2,5", "2,5"),
        ("1,20,000", "1,20,000"),
        ("1e9", "1e9"),
        ("", ""),
        ("NaN", "NaN"),
    ],
)
def test_what_is_no_number_stays_text(text, value):
    assert number(text) == value


def test_a_sliding_row_has_no_time_zone_whatever_stands_in_its_hidden_input():
    assert LimitRow(amount="1", zone="UTC").value["time_zone"] is None


def test_zones_are_told_by_places():
    assert time_zones()[0] == "UTC"
    assert "America/Los_Angeles" in time_zones()
    assert not [name for name in time_zones() if name.startswith("Etc/")]
