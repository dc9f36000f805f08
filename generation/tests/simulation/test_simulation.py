"""What fifty lanes make of twenty routes of all kinds; and every night, 278 of 55."""

import pytest

from generation.tests.simulation.simulation import FULL, SMALL, Findings, simulate
from generation.tests.simulation.vendors import REQUESTS, TOKENS
from providers.routing.limits.urgency import Urgency


@pytest.fixture(scope="module", params=[SMALL, pytest.param(FULL, marks=pytest.mark.nightly)], ids=["small", "full"])
def findings(request) -> Findings:
    return simulate(request.param)


def test_no_vendor_gets_a_request_too_many(findings):
    assert findings.refused(REQUESTS) == 0


def test_few_calls_find_no_tokens_left_although_what_they_will_use_is_only_estimated(findings):
    assert findings.refused(TOKENS) <= findings.calls / 200


def test_limits_are_used_to_the_full(findings):
    shares = findings.shares(fails=False)
    assert sum(shares.values()) / len(shares) >= 0.95
    assert min(shares.values()) >= 0.5, shares  # a minute's calls may leave right before the time that is looked at


def test_equal_batches_make_as_much_as_each_other(findings):
    tolerance = 0.05 if findings.size is FULL else 0.15  # where there are few, some calls more are much
    assert findings.unfairness() <= tolerance


def test_the_more_urgent_batch_gets_more(findings):
    made = findings.roaming()
    assert made[Urgency.URGENT] > made[Urgency.NORMAL] > made[Urgency.LOW]


def test_the_dead_cost_few_calls_and_no_item(findings):
    assert findings.dead()
    assert max(findings.dead().values()) <= 8
    assert not findings.failures()
