"""The words of a batch's timeline."""

import pytest

from generation.engine import timeline

MADE = {"count": 20, "generated": 18, "failed": 2}


@pytest.mark.parametrize(
    ("facts", "actor", "words"),
    [
        ({"from": None, "to": "pending", "count": 20}, "ann", "Ordered by ann: 20 samples"),
        ({"from": "pending", "to": "running", "count": 20}, "", "Started"),
        (
            {"from": "running", "to": "paused", "reason": "No route can work now", "count": 20},
            "",
            "Paused: No route can work now",
        ),
        ({"from": "paused", "to": "running", "count": 20}, "", "Going on after a pause"),
        ({"from": "running", "to": "stopped", **MADE}, "ann", "Stopped by ann; 18 of 20 samples made, 2 failed"),
        ({"from": "stopped", "to": "running", **MADE}, "ann", "Resumed by ann"),
        ({"from": "completed_with_failures", "to": "running", **MADE}, "ann", "Taken up again by ann"),
        ({"from": "running", "to": "completed", "count": 1, "generated": 1}, "", "Completed: 1 of 1 sample made"),
    ],
)
def test_a_change_of_status_reads_as_a_sentence(facts, actor, words):
    assert timeline.status_words(facts, actor) == words


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"to": "completed", "count": 20, "generated": 20}, "Batch 7 is completed: 20 of 20 samples made."),
        (
            {"to": "completed_with_failures", **MADE},
            "Batch 7 is completed with failures: 18 of 20 samples made, 2 failed.",
        ),
        (
            {"to": "paused", "reason": "Every route is suspended.", **MADE},
            "Batch 7 is paused: Every route is suspended.",
        ),
        ({"to": "failed", "count": 1, "failed": 1}, "Batch 7 has failed: 0 of 1 sample made, 1 failed."),
    ],
)
def test_news_name_the_batch(facts, words):
    assert timeline.news_words(facts, 7) == words


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            {
                "scope": "cerebras/gpt-oss-120b",
                "seconds": 30,
                "reason": "server: HTTP 503",
                "times": 3,
                "next": "cerebras/llama-3.3-70b",
            },
            "cerebras gpt-oss-120b suspended 30 s: 3 × server: HTTP 503; now cerebras llama-3.3-70b",  # noqa: RUF001
        ),
        (
            {"scope": "groq", "seconds": 86_400, "reason": "auth: the key was revoked", "times": 1, "next": ""},
            "groq suspended 24 h: auth: the key was revoked",
        ),
    ],
)
def test_a_suspension_tells_why_how_long_and_who_goes_on(facts, words):
    assert timeline.suspended_words(facts) == words


def test_moves_are_counted():
    assert timeline.moved_words(1200, "a/x", "b/y", "server") == "1,200 items moved from a x to b y after server"
    assert timeline.moved_words(1, "a/x", "b/y", "timeout") == "1 item moved from a x to b y after timeout"
