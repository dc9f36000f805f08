"""Which bucket a vendor's word on what is left is held against."""

import pytest

from providers.llm.types import LimitFact
from providers.routing.limits.amounts import Unit
from providers.routing.limits.budget import EVERYTHING, Bucket
from providers.routing.limits.heeding import heeded
from providers.routing.limits.window import DAY, MINUTE, Span, Window

REQUESTS, RPD = Bucket("a", Unit.REQUESTS, MINUTE, 30), Bucket("a/m", Unit.REQUESTS, DAY, 1000)
TOKENS, TPD = Bucket("a", Unit.TOKENS, MINUTE, 8000), Bucket("a", Unit.TOKENS, Window(1, Span.DAY, "UTC"), 200_000)
INPUT = Bucket("a", Unit.INPUT, MINUTE, 5000)
ALL = Bucket(EVERYTHING, Unit.REQUESTS, MINUTE, 999)
OWN = (ALL, REQUESTS, TOKENS, RPD, TPD)


@pytest.mark.parametrize(
    ("unit", "window_s", "bucket"),
    [
        ("requests", 60, REQUESTS),
        ("requests", 86_400, RPD),
        ("tokens", 86_400, TPD),
        ("requests", None, REQUESTS),
        ("tokens", None, TOKENS),
        ("requests", 3600, REQUESTS),
    ],
)
def test_it_is_the_one_of_its_window_else_the_shortest(unit, window_s, bucket):
    fact = LimitFact(unit, window_s, remaining=3, reset_s=9.0)
    assert heeded(OWN, [fact]) == {bucket: fact}


def test_without_input_or_output_there_are_no_tokens_and_what_is_left_of_one_says_nothing():
    gone, some = LimitFact("output", 86_400, remaining=0, reset_s=9.0), LimitFact("input", 60, remaining=3)
    assert heeded(OWN, [gone, some]) == {TPD: gone}


def test_input_is_counted_by_itself_where_it_is_limited():
    fact = LimitFact("input", 60, remaining=3)
    assert heeded((*OWN, INPUT), [fact]) == {INPUT: fact}
    assert heeded((INPUT,), [LimitFact("tokens", 60, remaining=3)]) == {}


@pytest.mark.parametrize("facts", [[LimitFact("requests", 60, limit=30)], [LimitFact("tokens", 60, remaining=3)], []])
def test_what_says_nothing_of_a_bucket_is_not_heeded(facts):
    assert heeded((ALL, REQUESTS), facts) == {}


def test_a_vendor_says_nothing_of_what_the_installation_may_do():
    assert heeded((ALL,), [LimitFact("requests", 60, remaining=3)]) == {}


def test_of_several_words_on_a_bucket_the_tightest_counts():
    minute, hour = LimitFact("requests", 60, remaining=20), LimitFact("requests", 3600, remaining=2, reset_s=900.0)
    assert heeded((REQUESTS,), [minute, hour]) == heeded((REQUESTS,), [hour, minute]) == {REQUESTS: hour}
    empty, longer = (LimitFact("requests", remaining=0, reset_s=reset_s) for reset_s in (5.0, 70.0))
    assert heeded((REQUESTS,), [empty, longer, hour]) == {REQUESTS: longer}
