"""Which routes one walk asks, how long it stands in their lines, and what it means that all refused."""

import math

import pytest

from providers.routing.admission import Obstacle, Refused
from providers.routing.policy import PATIENCE_S, SHORT_S, SLACK_S, WhenFull
from providers.routing.walk import Step, Walk, WalkEnd


def suspended(wait_s=600.0, last_resort_s=math.inf, *, half_open=False):
    return Refused(wait_s, Obstacle.SUSPENDED, "a", half_open=half_open, last_resort_s=last_resort_s)


def held(wait_s):
    return Refused(wait_s, Obstacle.HELD, "a")


def walked(*refused, when_full=WhenFull.AUTO, again=None, **ways):
    """The steps and the end of a walk over routes that refuse like this, and ``again`` like that."""
    walk, steps = Walk(len(refused), when_full, **ways), []
    for step in walk.steps():
        steps.append(step)
        walk.refused[step.place] = again if again and step.place in walk.refused else refused[step.place]
    return steps, walk


@pytest.mark.parametrize(
    ("when_full", "patience_s"),
    [
        (WhenFull.AUTO, [SHORT_S, SHORT_S, SHORT_S]),
        (WhenFull.STAY, [PATIENCE_S, PATIENCE_S, SHORT_S]),
        (WhenFull.SPILL, [0.0, 0.0, 0.0]),
    ],
)
def test_the_routes_are_asked_in_order_and_the_preferred_one_is_the_first_that_is_not_suspended(when_full, patience_s):
    steps, _ = walked(suspended(), held(90), held(90), when_full=when_full)
    assert steps[:3] == [Step(place, wait_s) for place, wait_s in enumerate(patience_s)]


def test_what_an_item_stood_in_one_line_it_need_not_stand_in_the_next():
    stood_s = iter([0.0, 0.0, SHORT_S - 1, SHORT_S + 1, SHORT_S + 1])
    steps, _ = walked(*[held(1)] * 4, clock=lambda: next(stood_s))
    assert [step.patience_s for step in steps[:4]] == [SHORT_S, 1.0, 0.0, 0.0]


def test_the_shortest_wait_is_sat_out_and_then_it_looks_again():
    steps, walk = walked(held(40), held(20), suspended(1))
    assert (steps[3:], walk.end) == ([Step(1, 20 + SLACK_S)], WalkEnd.LOOK_AGAIN)


def test_nobody_waits_longer_than_a_minutes_budget_may_ask_for():
    steps, walk = walked(held(PATIENCE_S + 1), suspended(600, 100))
    assert (len(steps), walk.end, walk.retry_after_s) == (2, WalkEnd.NO_ROUTE, PATIENCE_S + 1)


@pytest.mark.parametrize(("worth_s", "end"), [(10.0, WalkEnd.BEGIN_AGAIN), (30.0, WalkEnd.LOOK_AGAIN)])
def test_a_wait_that_is_not_worth_it_begins_again_with_what_was_tried(worth_s, end):
    assert walked(held(20), suspended(), worth_s=worth_s)[1].end is end


@pytest.mark.parametrize(
    ("refused", "may_come_back"), [(suspended(half_open=True), False), (suspended(600, 0), True)], ids=["probe", "call"]
)
def test_no_last_resort_is_asked_while_a_call_in_flight_may_bring_a_route_back(refused, may_come_back):
    steps, walk = walked(refused, may_come_back=lambda: may_come_back)
    assert (len(steps), walk.end) == (1, WalkEnd.PROBED)


def test_where_nothing_can_work_the_routes_whose_outage_may_be_probed_are():
    steps, walk = walked(suspended(600, 0), suspended(300, 90), suspended(900, 0), again=held(70))
    assert steps[3:] == [Step(0, 0.0, is_last_resort=True), Step(2, 0.0, is_last_resort=True)]
    assert (walk.end, walk.retry_after_s) == (WalkEnd.NO_ROUTE, 70)


def test_a_last_resort_that_another_worker_was_first_to_ask_is_waited_for():
    _, walk = walked(suspended(600, 0), again=suspended(25, half_open=True))
    assert walk.end is WalkEnd.PROBED


def test_an_empty_chain_is_no_route():
    _, walk = walked()
    assert (walk.end, walk.retry_after_s) == (WalkEnd.NO_ROUTE, 0.0)
