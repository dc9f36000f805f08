"""What a change is called in front of people."""

import pytest

from providers.configuration.change_words import how, phrases, summary, who
from providers.models import ConfigurationChange


def change(deed, *details, **fields):
    entries = [{"field": field, "from": before, "to": after} for field, before, after in details]
    return ConfigurationChange(deed=deed, details=entries, **fields)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (change("moved", ("fallback_priority", 3, 0)), "priority 3 -> 0"),
        (change("changed", ("requests_per_minute", 30, 60)), "requests per minute 30 -> 60"),
        (change("changed", ("tokens_per_minute", 6000, None)), "tokens per minute 6,000 -> none"),
        (change("changed", ("enabled", True, False), ("name", "a", "b")), "enabled on -> off, name a -> b"),
        (change("changed", ("supports_json_schema", False, True)), "supports JSON schema no -> yes"),
        (change("changed", ("extra_config.headers.X-A", "a", None)), "extra config headers.X-A a -> none"),
        (
            change("changed", ("extra_config.token", "(not shown)", "(not shown)")),
            "extra config token changed (not shown)",
        ),
        (change("switched_off", ("enabled", True, False)), "switched off"),
        (change("created", ("base_url", None, "http://x")), "created: base URL http://x"),
        (change("deleted", ("models", ["a", "b"], None)), "deleted: models a, b"),
        (change("reordered", ("model_order", ["a", "b"], ["b", "a"])), "put in another order: b, a"),
        (change("key_set", ("api_key", None, "...wxyz")), "key set: ...wxyz"),
        (change("key_replaced", ("api_key", "...abcd", "...wxyz")), "key replaced: ...abcd -> ...wxyz"),
        (change("key_replaced", ("api_key", "...abcd", "...abcd")), "the same key entered again: ...abcd"),
        (change("key_removed", ("api_key", "...abcd", None)), "key removed: ...abcd"),
        (change("settings_removed"), "secret settings removed"),
    ],
)
def test_a_change_in_one_line(row, words):
    assert summary(row) == words


def test_a_long_change_says_how_much_it_leaves_out():
    row = change("changed", *((f"extra_config.{name}", None, name) for name in "abcdef"))
    assert summary(row).endswith("extra config d none -> d, and 2 more")
    assert len(phrases(row)) == 6


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (change("changed", way="admin", actor_name="ann"), ("ann", "by the admin")),
        (change("changed", way="api", actor_name="ann"), ("ann", "by the API")),
        (change("changed", way="command", command="seed_providers"), ("manage.py seed_providers", "")),
        (change("changed", way="code"), ("Python code", "")),
    ],
)
def test_who_it_was_and_how_it_came(row, words):
    assert (who(row), how(row)) == words
