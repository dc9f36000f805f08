"""What is copied of settings that a person typed."""

import pytest

from providers.secrecy.redaction import flat, shown
from providers.secrecy.secretlike import NOT_SHOWN


@pytest.mark.parametrize(
    ("path", "value", "wanted"),
    [
        ("timeout_s", 30, 30),
        ("extra_body.max_tokens", 500, 500),
        ("extra_body.reasoning", "low", "low"),
        ("headers.X-Title", "legalds", "legalds"),
        ("extra_body.stop", ["a", "b"], ["a", "b"]),
        ("anything", None, None),
        ("headers.X-Team-Token", "short", NOT_SHOWN),
        ("client_secret", "abc", NOT_SHOWN),
        ("headers.X-Forwarded", "Bearer abc", NOT_SHOWN),
        ("headers.X-Title", "sk-planted-0123456789", NOT_SHOWN),
        ("note", "0123456789abcdef0123456789abcdef", NOT_SHOWN),
        ("list", [{"password": "abc"}], NOT_SHOWN),
        ("note", "a b " * 100, f"{'a b ' * 50}..."),
    ],
)
def test_a_value_is_shown_unless_it_looks_secret(path, value, wanted):
    assert shown(path, value) == wanted


def test_only_the_parts_that_differ_are_told():
    before = {"timeout_s": 60, "headers": {"A": "1", "B": "2"}, "extra": {}}
    after = {"timeout_s": 60, "headers": {"A": "1", "B": "3", "C": "4"}, "extra": {"x": {"y": 1}}}
    assert list(flat("config", before, after)) == [
        ("config.headers.B", "2", "3"),
        ("config.headers.C", None, "4"),
        ("config.extra.x.y", None, 1),
    ]


def test_a_part_that_changes_its_kind_is_told_whole():
    assert list(flat("config", {"a": "text"}, {"a": {"b": 1}})) == [("config.a", "text", {"b": 1})]
