"""Durations in words."""

import pytest

from providers.routing.explaining import durations


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        *((0, "0 s"), (0.01, "0.1 s"), (0.34, "0.4 s"), (1.1, "1.1 s"), (12.2, "13 s")),
        *((119.0, "119 s"), (121.0, "3 min"), (900, "15 min"), (7200, "2 h"), (200_000, "3 days")),
    ],
)
def test_a_wait_is_never_told_too_short(seconds, words):
    assert durations.at_least(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(40, "40 s"), (720, "12 min"), (12_000, "3 h 20 min"), (7_200, "2 h"), (180_000, "2 days")],
)
def test_spans_are_said_roughly(seconds, words):
    assert durations.roughly(seconds) == words


@pytest.mark.parametrize(("seconds", "words"), [(30, "30 s"), (900, "15 min"), (21_600, "6 h"), (86_400, "1 day")])
def test_settings_are_told_exactly(seconds, words):
    assert durations.exactly(seconds) == words


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [(7.4, "7 ms"), (448.2, "450 ms"), (999, "1.0 s"), (1_237, "1.2 s"), (9_960, "10 s"), (61_200, "61 s")],
)
def test_latencies_are_told_in_two_digits(milliseconds, words):
    assert durations.latency(milliseconds) == words
