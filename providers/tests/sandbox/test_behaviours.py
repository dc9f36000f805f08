"""What the names of the sandbox's models promise: plans, mixes, recoveries."""

import pytest

from providers.sandbox.behaviours import Behaviour, parse
from providers.sandbox.state import State


@pytest.mark.parametrize(
    ("name", "behaviour"),
    [
        ("good", Behaviour("good")),
        ("cerebras-a--503", Behaviour("status", 503)),
        ("429-2s", Behaviour("status", 429, 2.0)),
        ("503-500ms", Behaviour("status", 503, 0.5)),
        ("slow", Behaviour("good", seconds=1.0)),
        ("a--b--slow-2s", Behaviour("good", seconds=2.0)),
        ("billing-400", Behaviour("billing-400", 400)),
        ("quota-429", Behaviour("quota-429", 429)),
        ("hang", Behaviour("hang")),
        ("sized-3000", Behaviour("good", chars=3000)),
        ("main--break-too_short", Behaviour("break", breaks="too_short")),
        ("break-once-cut_off", Behaviour("break", breaks="cut_off", once=True)),
    ],
)
def test_a_name_says_what_the_model_does(name, behaviour):
    plan = parse(name)
    assert plan
    assert plan.at(0, 0.0) == behaviour


@pytest.mark.parametrize(
    "name",
    ["gpt-4o", "", "200", "600", "mix", "mix-nope:10", "mix-500:60-429:50", "flaky-x", "down-5", "break-nothing"],
)
def test_an_unknown_name_has_no_plan(name):
    assert parse(name) is None


def test_a_mix_holds_its_shares_in_any_fifty_calls():
    plan = parse("label--mix-500:10-malformed:10-429-2s:4")
    assert plan
    words = [plan.at(call, 0.0) for call in range(300)]
    for start in range(250):
        window = words[start : start + 50]
        counts = [window.count(kind) for kind in (Behaviour("status", 500), Behaviour("malformed"), Behaviour("good"))]
        assert counts == [5, 5, 38]


def test_a_mix_may_hold_samples_that_break_a_rule():
    plan = parse("mix-break-too_short:50")
    assert plan
    assert [plan.at(call, 0.0).breaks for call in range(100)].count("too_short") == 50


def test_an_odd_share_holds_in_any_hundred_calls():
    plan = parse("mix-500:7")
    assert plan
    words = [plan.at(call, 0.0).status for call in range(200)]
    assert {words[start : start + 100].count(500) for start in range(100)} == {7}


def test_flaky_and_down_models_recover():
    flaky, down = parse("flaky-2"), parse("down-5s")
    assert flaky
    assert down
    assert [flaky.at(call, 0.0).status for call in range(3)] == [500, 500, 200]
    assert [down.at(9, age_s).status for age_s in (0.0, 4.9, 5.0)] == [503, 503, 200]


def test_a_state_counts_each_model_by_itself():
    state = State(clock=lambda: 0.0)
    words = [state.behaviour_of(model, "k") for model in ("a--flaky-1", "b--flaky-1", "a--flaky-1")]
    assert [word.status for word in words if word] == [500, 500, 200]
