"""Money in words: four digits at most, and what is not known is said to be so."""

from decimal import Decimal

import pytest

from providers.routing.explaining.money import Spending, money


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("0", "$0"),
        ("0.00000001", "$0.00000001"),
        ("0.0123456", "$0.01235"),
        ("0.5", "$0.50"),
        ("0.99996", "$1"),
        ("2.5", "$2.50"),
        ("2.4987", "$2.499"),
        ("12.3", "$12.30"),
        ("99.999", "$100"),
        ("123.456", "$123.5"),
        ("1234", "$1,234"),
        ("12345.67", "$12,350"),
        ("1E+2", "$100"),
    ],
)
def test_an_amount_is_told_with_four_digits_at_most(amount, told):
    assert money(Decimal(amount)) == told


def test_an_estimate_may_have_fewer_digits():
    assert [money(0.00123, digits=2), money(1_566.95, digits=3)] == ["$0.0012", "$1,570"]


@pytest.mark.parametrize(
    ("spending", "told", "number"),
    [
        (Spending(), "$0", 0.0),
        (Spending(Decimal("0.0123")), "$0.0123", 0.0123),
        (Spending(Decimal("0.0123"), 12), "at least $0.0123, 12 calls have no known cost", 0.0123),
        (Spending(Decimal("0.0199999"), 1), "at least $0.01999, 1 call has no known cost", 0.0199999),
        (Spending(Decimal(0), 1), "not known", None),
    ],
)
def test_a_cost_that_is_not_known_is_never_told_as_nothing(spending, told, number):
    assert (spending.words, spending.number) == (told, number)
