"""What the documentation says of the engine is what the code does."""

from pathlib import Path

from providers.routing import breaker
from providers.routing.limits import budget, ramp
from providers.tests.routing import verdict_table

ENGINE = (Path(__file__).resolve().parents[2] / "docs" / "engine.md").read_text(encoding="utf-8")


def test_the_table_of_verdicts_is_that_of_the_code():
    assert verdict_table.markdown() in ENGINE, "write the output of: python -m providers.tests.routing.verdict_table"


def test_the_numbers_of_the_page_are_those_of_the_code():
    for words in (
        f"{budget.MARGIN_S:g} s longer than its window",
        f"{(budget.STRETCH - 1) * 100:g} % slower than the limit",
        f"{budget.SMOOTH_FOR_MS // 60_000} minutes",
        f"{ramp.COLD_CALLS} calls at once",
        f"{breaker.RATE_SHARE:.0%} of the last {breaker.RATE_CALLS} to {breaker.HISTORY} calls".replace("%", " %"),
    ):
        assert words in ENGINE, words
