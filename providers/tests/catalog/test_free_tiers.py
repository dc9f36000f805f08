"""Limits of free tiers: read, split into what the columns can hold and the rest, and told."""

import pytest

from providers.catalog.free_tiers import FreeLimit, free_limits, parse, split, words


def entry(unit, amount, window, scope="model", **more):
    return {"scope": scope, "unit": unit, "amount": amount, "window": window, **more}


@pytest.mark.parametrize(
    ("published", "limit", "told"),
    [
        (
            entry("requests", 1000, "1 day"),
            FreeLimit("model", "requests", 1000, 1, "day"),
            "1,000 requests a day and model",
        ),
        (
            entry("uncached tokens", 30000, "1 minute", "account"),
            FreeLimit("account", "uncached", 30000, 1, "minute"),
            "30,000 uncached tokens a minute",
        ),
        (
            entry("tokens", 1000000, "1 hour", "account"),
            FreeLimit("account", "tokens", 1000000, 1, "hour"),
            "1,000,000 tokens an hour",
        ),
        (
            entry("requests", None, "1 day", calendar="America/Los_Angeles"),
            FreeLimit("model", "requests", None, 1, "day", "America/Los_Angeles"),
            "requests a day and model, from midnight in America/Los_Angeles: amount not published",
        ),
        (
            entry("GPU time", None, "5 hours", "account"),
            FreeLimit("account", "GPU time", None, 5, "hour"),
            "GPU time in 5 hours, which cannot be counted here",
        ),
        (
            entry("models at once", 1, None, "account"),
            FreeLimit("account", "models at once", 1),
            "1 model at once",
        ),
    ],
)
def test_a_published_limit_is_read_and_told(published, limit, told):
    assert parse(published) == limit
    assert words(limit) == told


@pytest.mark.parametrize(
    ("vendor", "columns", "rows", "rest"),
    [
        (
            "groq",
            {"requests_per_minute": 30, "requests_per_day": 1000, "tokens_per_minute": 8000, "limits_scope": "model"},
            ["200,000 tokens per day"],
            [],
        ),
        (
            "cerebras",
            {"requests_per_minute": 5, "tokens_per_minute": 90000, "limits_scope": "account"},
            ["30,000 uncached tokens per minute", "1,000,000 tokens per hour", "1,000,000 tokens per day"],
            [],
        ),
        ("ollama", {"max_concurrency": 1}, [], ["GPU time in 5 hours", "GPU time a week"]),
        ("google", {}, [], ["requests a day and model", "input tokens a minute and model"]),
        ("mistral", {}, [], ["requests a second", "tokens a month"]),
    ],
)
def test_what_neither_columns_nor_rows_can_say_is_the_rest(vendor, columns, rows, rest):
    tier = split(free_limits(vendor))
    assert tier.columns == columns
    assert [entry.words for entry in tier.rows] == rows
    assert all(words(limit).startswith(told) for limit, told in zip(tier.rest, rest, strict=True))


def test_limits_of_two_scopes_are_not_mixed_in_one_row():
    limits = [
        FreeLimit("account", "requests", 30, 1, "minute"),
        FreeLimit("model", "tokens", 8000, 1, "minute"),
        FreeLimit("account", "requests", 100, 1, "day", "UTC"),
    ]
    tier = split(limits)
    assert tier.columns == {"requests_per_minute": 30, "limits_scope": "account"}
    assert tier.rest == (limits[1],)
    assert [entry.words for entry in tier.rows] == ["100 requests per day in UTC"]
