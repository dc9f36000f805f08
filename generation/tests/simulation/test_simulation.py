"""What a hundred lanes make of twenty routes of all kinds."""

import pytest

from generation.tests.simulation.simulation import SMALL, Findings, simulate
from generation.tests.simulation.vendors import REQUESTS, TOKENS
from providers.routing.limits.urgency import Urgency


@pytest.fixture(scope="module")
def findings() -> Findings:
    return simulate(SMALL)


def test_no_vendor_gets_a_request_too_many(findings):
    assert findings.refused(REQUESTS) == 0
    assert findings.refused(TOKENS) <= findings.calls / 100  # what an answer will use is known when it is there


def test_limits_are_used_to_the_full(findings):
    shares = findings.shares(fails=False)
    assert sum(shares.values()) / len(shares) >= 0.95
    assert min(shares.values()) >= 0.7, shares


def test_the_more_urgent_batch_gets_more(findings):
    made = findings.roaming()
    assert made[Urgency.URGENT] > made[Urgency.NORMAL] > made[Urgency.LOW]


def test_the_dead_cost_few_calls_and_no_item(findings):
    assert findings.dead()
    assert max(findings.dead().values()) <= 8
    assert not findings.failures()
