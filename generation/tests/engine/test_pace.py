"""How long a batch will take, in words."""

import pytest

from generation.engine import pace


@pytest.mark.parametrize(
    ("status", "missing", "per_minute", "fields", "words"),
    [
        ("pending", 10, None, {}, "waiting for a worker"),
        ("running", 10, None, {}, "not known yet"),
        ("running", 10, 5.0, {}, "about 2 min"),
        ("running", 10, 5.0, {"reason": "groq is at its limit"}, "waiting"),
        ("running", 0, 5.0, {}, "the last results are being saved"),
        ("paused", 10, None, {}, "waiting for a route that can work"),
        ("paused", 10, None, {"is_at_cap": True}, "waiting for a higher cap"),
        ("stopped", 10, 5.0, {}, ""),
        ("completed", 0, None, {}, ""),
    ],
)
def test_time_left_is_honest(status, missing, per_minute, fields, words):
    assert pace.time_left(status, missing, per_minute, **fields) == words
