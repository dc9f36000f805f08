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


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(40, "40 s"), (720, "12 min"), (12_000, "3 h 20 min"), (7_200, "2 h"), (180_000, "2 days")],
)
def test_spans_are_said_roughly(seconds, words):
    assert pace.roughly(seconds) == words


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [(7.4, "7 ms"), (448.2, "450 ms"), (999, "1.0 s"), (1_237, "1.2 s"), (9_960, "10 s"), (61_200, "61 s")],
)
def test_latencies_are_told_in_two_digits(milliseconds, words):
    assert pace.latency(milliseconds) == words
