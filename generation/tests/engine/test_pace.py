"""Why nobody can say when a batch will be done."""

import pytest

from generation.engine import pace


@pytest.mark.parametrize(
    ("status", "missing", "fields", "words"),
    [
        ("pending", 10, {}, "waiting for a worker"),
        ("running", 10, {}, "not known"),
        ("running", 0, {}, "the last results are being saved"),
        ("paused", 10, {}, "waiting for a route that can work"),
        ("paused", 10, {"is_at_cap": True}, "waiting for a higher cap"),
        ("stopped", 10, {}, ""),
        ("completed", 0, {}, ""),
    ],
)
def test_where_no_end_is_told_it_is_said_why(status, missing, fields, words):
    assert pace.without_end(status, missing, **fields) == words
