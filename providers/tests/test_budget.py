"""The arithmetic of a sliding window, without a clock or a store."""

import random

import pytest

from providers.routing.budget import Bucket, Entry, Unit, live, span_ms, used, wait_ms

REQUESTS = Bucket("groq", Unit.REQUESTS, 60, 30)
TOKENS = Bucket("groq", Unit.TOKENS, 60, 5500)


def entries(*pairs: tuple[int, int]) -> tuple[Entry, ...]:
    return tuple(Entry(str(n), at_ms, amount) for n, (at_ms, amount) in enumerate(pairs))


@pytest.mark.parametrize(
    ("bucket", "tokens", "cost"),
    [(REQUESTS, 900, 1), (REQUESTS, 0, 1), (TOKENS, 900, 900), (TOKENS, 9000, 5500), (TOKENS, -1, 0)],
)
def test_a_call_costs_one_request_or_its_tokens_but_never_more_than_the_limit(bucket, tokens, cost):
    assert bucket.cost(tokens) == cost


def test_an_entry_counts_for_its_window_and_the_margin():
    assert span_ms(REQUESTS, 0.25) == 60_250


def test_an_entry_leaves_exactly_at_the_end_of_its_span():
    log = entries((1000, 1))
    assert live(log, 61_249, 60_250) == log
    assert live(log, 61_250, 60_250) == ()


@pytest.mark.parametrize(
    ("cost", "wait"),
    [(0, 0), (3, 0), (4, 9_000), (5, 9_000), (6, 9_500), (10, 10_000)],
)
def test_the_wait_ends_when_the_oldest_entries_that_stand_in_the_way_are_gone(cost, wait):
    assert wait_ms(entries((0, 2), (500, 4), (1000, 1)), cost, 10, 1000, 10_000) == wait


def test_a_window_that_was_settled_over_its_limit_waits_for_more_of_it_to_leave():
    assert wait_ms(entries((0, 50), (500, 9)), 2, 10, 500, 10_000) == 10_000


def test_a_cost_beyond_the_limit_is_a_bug_not_an_endless_wait():
    with pytest.raises(ValueError, match="never fits"):
        wait_ms((), 11, 10, 0, 10_000)


def test_waiting_exactly_as_told_never_overshoots_any_window():
    dice, now = random.Random(7), 0
    log: tuple[Entry, ...] = ()
    sent: list[tuple[int, int]] = []
    for n in range(400):
        cost = dice.randint(1, 40)
        now += dice.randint(0, 30)
        log = live(log, now, 1000)
        wait = wait_ms(log, cost, 100, now, 1000)
        if wait:
            assert wait_ms(live(log, now + wait - 1, 1000), cost, 100, now + wait - 1, 1000) == 1
            now += wait
        log = (*live(log, now, 1000), Entry(str(n), now, cost))
        sent.append((now, cost))
        assert sum(amount for at, amount in sent if at > now - 1000) == used(log) <= 100
