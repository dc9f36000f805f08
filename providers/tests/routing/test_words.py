"""Why no call leaves, in words: a row for every kind, and nobody is said to have done what the store does by itself."""

import pytest

from providers.routing.admission import Obstacle, Refused, ScopeState, Unknown
from providers.routing.explaining import words
from providers.routing.limits.amounts import Amounts, Unit
from providers.routing.limits.budget import Bucket
from providers.routing.limits.window import MINUTE
from providers.routing.route import Exclusion

TPM = Bucket("groq", Unit.TOKENS, MINUTE, 6000)
SAID = {
    Obstacle.SUSPENDED: "groq is suspended for 12 s: its words",
    Obstacle.OUTDATED: "groq rests for 12 s: its configuration changed a moment ago",
    Obstacle.HELD: "groq asked to wait 12 s: its words",
    Obstacle.RESTING: "groq rests for 12 s: Redis had lost its data",
    Obstacle.BUSY: "groq has all 4 calls in flight that it may have now",
    Obstacle.IN_DOUBT: "groq waits: one call is finding out whether the whole account is full",
    Obstacle.OVER_BUDGET: "groq is over budget for 12 s: its limit of 6,000 tokens per minute is reached",
    Obstacle.PACED: "groq spreads its calls evenly over the time: the next one may leave in 12 s",
    Obstacle.OUTRANKED: "groq lets a more urgent batch go first",
    Obstacle.OVER_SHARE: "groq lets a batch go first that had fewer calls lately",
}


def refused(obstacle: Obstacle, **facts) -> Refused:
    return Refused(12.0, obstacle, "groq", "its words", allowed=4, bucket=TPM, **facts)


@pytest.mark.parametrize("obstacle", Obstacle)
def test_every_obstacle_has_its_words(obstacle):
    assert words.obstacle_words(refused(obstacle)).startswith(SAID[obstacle])


def test_every_exclusion_and_every_lack_of_knowledge_has_its_words():
    assert set(words.EXCLUSIONS) == set(Exclusion)
    assert set(words.UNKNOWN) == set(Unknown)


def test_only_a_vendor_that_did_is_said_to_have_asked_to_wait():
    asked = [obstacle for obstacle in Obstacle if "asked to wait" in words.obstacle_words(refused(obstacle))]
    assert asked == [Obstacle.HELD]


def test_programs_are_told_the_four_codes_they_know():
    assert list(dict.fromkeys(obstacle.code for obstacle in Obstacle)) == ["suspended", "held", "busy", "over_budget"]


def test_the_name_that_people_know_and_the_use_of_a_budget_are_told_where_they_are_known():
    told = words.obstacle_words(refused(Obstacle.OVER_BUDGET), "The model", 5500, Amounts(1500, 500))
    assert (
        told == "The model is over budget for 12 s: 5,500 of 6,000 tokens per minute are used, and a call needs 2,000"
    )


def test_a_scope_whose_probe_is_out_waits_for_it():
    told = words.obstacle_words(refused(Obstacle.SUSPENDED, half_open=True))
    assert told == "groq was suspended (its words), and one call is finding out whether it works again"


def test_in_a_list_of_scopes_those_of_one_failure_share_its_words():
    assert words.reason_words(refused(Obstacle.SUSPENDED)) == "its words"
    assert words.reason_words(refused(Obstacle.HELD)) == SAID[Obstacle.HELD]


def test_words_of_a_vendor_are_told_as_they_are():
    assert words.obstacle_words(Refused(2.0, Obstacle.HELD, "a", "{no} field")).endswith(": {no} field")


@pytest.mark.parametrize(("failures", "times"), [(1, "failed once"), (3, "failed 3 times in a row")])
def test_a_scope_that_may_be_tried_again_says_how_often_it_failed(failures, times):
    state = ScopeState("groq", half_open=True, failures=failures, reason="server: 503")
    assert words.failing_words(state).startswith(times)
    assert words.outage_words(state) == "groq is suspended: server: 503"
