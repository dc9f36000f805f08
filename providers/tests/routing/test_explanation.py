"""The words and turns of an explanation, from values alone."""

from dataclasses import replace
from decimal import Decimal

import pytest

from providers.routing.admission import Obstacle, Outlook, Refused, Unknown
from providers.routing.config import ModelEntry, ProviderEntry, Snapshot
from providers.routing.explaining.explanation import Explanation, Question, Turn, explain
from providers.routing.explaining.words import reason_words
from providers.routing.limits.amounts import Unit
from providers.routing.limits.budget import EVERYTHING, Bucket
from providers.routing.limits.window import MINUTE
from providers.routing.policy import WhenFull
from providers.routing.route import RouteChoice, chain

RPM = Bucket("a", Unit.REQUESTS, MINUTE, 30)
FREE = Outlook()
SUSPENDED = Outlook((Refused(40.0, Obstacle.SUSPENDED, "a", "auth: revoked"),))
OVER = Outlook((Refused(12.0, Obstacle.OVER_BUDGET, "a", bucket=RPM),), {RPM: 30})
OUTRANKED = Outlook((Refused(0.1, Obstacle.OUTRANKED, "a"),))
BUSY = Outlook((Refused(0.05, Obstacle.BUSY, "a", allowed=4),))
SHORT = Outlook((Refused(2.0, Obstacle.HELD, "a", "slow down"),))


def provider(name: str, *models: ModelEntry, **values) -> ProviderEntry:
    return ProviderEntry(name, name.title(), "openai", "http://x", models=models, **{"api_key": "k", **values})


A, B = provider("a", ModelEntry("m")), provider("b", ModelEntry("m"))


def explained(*outlooks: Outlook, question: Question | None = None, providers=(A, B)) -> Explanation:
    return explain(Snapshot(1, tuple(providers)), question or Question(), outlooks)


def turns(explanation: Explanation) -> list[str]:
    return [each.turn for each in explanation.routes]


def test_a_free_chain_begins_at_its_head_and_the_rest_would_follow():
    explanation = explained(FREE, FREE)
    assert turns(explanation) == [Turn.NEXT, Turn.FOLLOWS]
    assert explanation.summary == "The next call goes to a/m at once."


def test_a_suspended_route_is_skipped_with_its_reason_and_what_may_be_done():
    explanation = explained(SUSPENDED, FREE)
    assert turns(explanation) == [Turn.SKIPPED, Turn.NEXT]
    (reason,) = explanation.routes[0].reasons
    assert reason.words == "A is suspended for 40 s: auth: revoked"
    assert (reason.scope, reason.wait_s, reason.setting) == ("a", 40.0, "api_key")


def test_an_exhausted_budget_says_what_is_used_of_it():
    (reason,) = explained(OVER, FREE).routes[0].reasons
    assert reason.words == "A is over budget for 12 s: 30 of 30 requests per minute are used"
    assert reason.setting == "requests_per_minute"


def test_a_budget_of_the_installation_is_told_as_its_own():
    money = Bucket(EVERYTHING, Unit.MONEY, MINUTE, 5_000_000)
    outlook = Outlook((Refused(9.0, Obstacle.OVER_BUDGET, EVERYTHING, bucket=money),), {money: 5_000_000})
    (reason,) = explained(outlook, FREE).routes[0].reasons
    assert reason.words.startswith("This installation is over budget for 9 s: 5 of 5 US dollars per minute are used")
    assert (reason.scope, reason.setting) == (EVERYTHING, "limits")
    assert reason_words(outlook.obstacles[0]).startswith("This installation is over budget")


def test_a_budget_in_tokens_says_what_a_call_needs():
    tpm = Bucket("a/m", Unit.TOKENS, MINUTE, 6000)
    outlook = Outlook((Refused(9.0, Obstacle.OVER_BUDGET, "a/m", bucket=tpm),), {tpm: 5500})
    (reason,) = explained(outlook, FREE).routes[0].reasons
    assert "5,500 of 6,000 tokens per minute are used, and a call needs 2,000" in reason.words


@pytest.mark.parametrize(
    ("when_full", "expected"),
    [
        (WhenFull.AUTO, [Turn.SKIPPED, Turn.NEXT]),
        (WhenFull.STAY, [Turn.NEXT, Turn.FOLLOWS]),
        (WhenFull.SPILL, [Turn.SKIPPED, Turn.NEXT]),
    ],
)
def test_when_full_decides_whether_a_wait_is_sat_out(when_full, expected):
    assert turns(explained(OVER, FREE, question=Question(when_full=when_full))) == expected


def test_a_short_wait_is_sat_out_at_the_route():
    explanation = explained(SHORT, FREE)
    assert turns(explanation) == [Turn.NEXT, Turn.FOLLOWS]
    assert explanation.summary == "The next call goes to a/m in 2 s."


@pytest.mark.parametrize(
    ("refused", "code", "wait_s", "setting"),
    [
        (Refused(40.0, Obstacle.RESTING, "a"), "held", 40.0, ""),
        (Refused(0.2, Obstacle.OUTDATED, "a/m"), "held", 0.2, ""),
        (Refused(0.05, Obstacle.BUSY, "a", allowed=4), "busy", None, "max_concurrency"),
        (Refused(0.05, Obstacle.BUSY, "a", allowed=3), "busy", None, ""),
        (Refused(0.05, Obstacle.BUSY, "a/m", allowed=4), "busy", None, ""),
        (Refused(0.05, Obstacle.IN_DOUBT, "a"), "busy", None, "limits_scope"),
        (Refused(0.1, Obstacle.OUTRANKED, "a"), "busy", None, ""),
        (Refused(0.1, Obstacle.OVER_SHARE, "a"), "busy", None, ""),
        (Refused(2.0, Obstacle.PACED, "a", bucket=replace(RPM, is_smooth=True)), "over_budget", 2.0, "pacing"),
        (Refused(2.0, Obstacle.PACED, "a", bucket=RPM), "over_budget", 2.0, ""),
    ],
)
def test_programs_are_told_a_code_an_end_where_it_is_known_and_the_field_that_decides(refused, code, wait_s, setting):
    explanation = explained(Outlook((refused,)), FREE, providers=(provider("a", ModelEntry("m"), max_concurrency=4), B))
    (reason,) = explanation.routes[0].reasons
    assert (reason.kind, reason.code, reason.wait_s, reason.setting) == (refused.obstacle, code, wait_s, setting)


def test_where_places_are_taken_the_item_stands_in_line_first():
    explanation = explained(BUSY, FREE)
    assert turns(explanation) == [Turn.IN_LINE, Turn.NEXT]
    assert explanation.summary == "The next call goes to a/m if a place comes free there in time, else to b/m in 3 s."


def test_where_a_more_urgent_batch_goes_first_the_item_stands_in_line_and_is_told_so():
    explanation = explained(OUTRANKED, OUTRANKED)
    assert explanation.summary == (
        "A more urgent batch goes first. The next call goes to the first that comes free; a/m is waited for first."
    )
    assert turns(explanation)[0] is Turn.IN_LINE


def test_where_a_batch_goes_first_that_was_given_less_it_is_told_so():
    outlook = Outlook((Refused(0.1, Obstacle.OVER_SHARE, "a"),))
    assert explained(outlook, outlook).summary.startswith("Another batch goes first. ")


def test_where_all_are_suspended_it_says_when_to_look_again():
    explanation = explained(SUSPENDED, SUSPENDED)
    assert (explanation.next, explanation.at_s) == (None, 40.0)
    assert explanation.summary == "No route can go now. It is worth looking again in 40 s."


def test_where_all_are_full_the_soonest_is_next():
    later = Outlook((Refused(30.0, Obstacle.HELD, "a", "slow down"),))
    explanation = explained(later, OVER)
    assert turns(explanation) == [Turn.SKIPPED, Turn.NEXT]
    assert explanation.at_s == 12.0


def test_what_is_in_no_chain_is_listed_with_why():
    providers = (
        A,
        provider("off", ModelEntry("m"), enabled=False),
        provider("keyless", ModelEntry("m"), api_key=None),
        provider("lost", ModelEntry("m"), api_key=None, key_is_unreadable=True),
        provider("half", ModelEntry("on"), ModelEntry("m", enabled=False)),
    )
    explanation = explained(FREE, FREE, providers=providers)
    out = {each.route.key: each.reasons[0].words for each in explanation.routes if each.place is None}
    assert out == {
        "off/m": "Off is switched off",
        "keyless/m": "Keyless has no API key",
        "lost/m": "The key of Lost cannot be decrypted",
        "half/m": "The model is switched off",
    }


def test_under_a_cost_cap_models_without_prices_are_left_out():
    priced = provider("b", ModelEntry("m", input_price=Decimal(1), output_price=Decimal(2)))
    question = Question(RouteChoice(priced_only=True))
    snapshot = Snapshot(1, (A, priced))
    assert [route.key for route in chain(snapshot, question.choice)] == ["b/m"]
    explanation = explain(snapshot, question, [FREE])
    assert explanation.routes[1].reasons[0].setting == "input_price"


def test_every_place_says_why_it_stands_there():
    shop = provider("b", *(ModelEntry(name) for name in "xyz"), champion_model="y", default_model="x")
    question = Question(RouteChoice("b", "z"))
    explanation = explained(*[FREE] * 4, question=question, providers=(A, shop))
    assert [(each.route.key, each.provider_because, each.model_because) for each in explanation.routes] == [
        ("b/z", "asked for", "asked for"),
        ("b/y", "asked for", "champion"),
        ("b/x", "asked for", "priority 0"),
        ("a/m", "order 0 among providers", "priority 0"),
    ]


@pytest.mark.parametrize(
    ("model", "note"),
    [
        (ModelEntry("m", supports_json_schema=True), None),
        (ModelEntry("m"), "JSON mode"),
        (ModelEntry("m", is_thinking_model=True), "the words of the prompt alone"),
        (ModelEntry("m", supports_json_schema=True, context_window=1000), "context window of 1,000 tokens"),
    ],
)
def test_notes_say_how_it_is_asked_though_it_is_not_skipped(model, note):
    (only,) = explained(FREE, providers=[provider("a", model)]).routes
    assert only.turn is Turn.NEXT
    assert [note in each for each in only.notes] == ([True] if note else [])


def test_without_the_store_the_order_of_the_configuration_stands():
    explanation = explain(Snapshot(1, (A, B)), Question(), Unknown.AWAY)
    assert turns(explanation) == [Turn.NEXT, Turn.FOLLOWS]
    assert (explanation.at_s, explanation.summary) == (None, "By the configuration alone a/m is tried first.")
    assert explanation.unknown.startswith("Redis is away")


def test_nothing_to_try_is_said():
    assert explained(providers=[]).summary == "There is no model yet."
    off = provider("off", ModelEntry("m"), enabled=False)
    assert explained(providers=[off]).summary == "No route can be tried: each one below says why."
