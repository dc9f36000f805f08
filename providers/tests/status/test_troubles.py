"""What is told of troubles: each once, outages first, with what mends that kind of failure and nothing else."""

import pytest

from providers.connection.words import ADVICE
from providers.limit_columns import LIMITS
from providers.llm.errors import ErrorKind
from providers.routing.admission import Obstacle, ScopeState
from providers.routing.config import ModelEntry, ProviderEntry
from providers.routing.explaining.explanation import ExplainedRoute, Explanation, Reason, Turn
from providers.routing.limits.budget import EVERYTHING
from providers.routing.route import Exclusion, Route
from providers.status.troubles import REMEDIES, SETTINGS, failure_of, trouble_of, troubles_of

GROQ = ProviderEntry("groq", "Groq", "openai", "http://x")
LLAMA, QWEN = (Route(GROQ, ModelEntry(model_id)) for model_id in ("llama", "qwen"))
SUSPENDED = Reason(Obstacle.SUSPENDED, "Groq is suspended for 20 s: connection: nowhere", "groq", 20.0, "api_key")
BUDGET = Reason(Obstacle.OVER_BUDGET, "Groq is over budget for 43 s", "groq", 43.0, "tokens_per_minute")
NO_KEY = Reason(Exclusion.NO_KEY, "Groq has no API key", "groq", None, "api_key")


def explanation(*routes):
    return Explanation(
        tuple(ExplainedRoute(route, Turn.SKIPPED, place, reasons=reasons) for route, place, *reasons in routes), ""
    )


def test_an_outage_comes_before_a_longer_wait_and_each_is_told_once():
    told = troubles_of(explanation((LLAMA, 1, BUDGET, SUSPENDED), (QWEN, 2, BUDGET, SUSPENDED)), {})
    assert [trouble.words for trouble in told] == [SUSPENDED.words, BUDGET.words]


def test_a_trouble_of_a_model_names_it():
    of_model = Reason(Obstacle.SUSPENDED, "The model is suspended for 20 s: server", "groq/llama", 20.0, "enabled")
    (told,) = troubles_of(explanation((LLAMA, 1, of_model)), {})
    assert told.words == "Groq llama: The model is suspended for 20 s: server"


def test_a_trouble_of_the_installation_is_told_once_and_names_no_route():
    overall = Reason(Obstacle.OVER_BUDGET, "This installation is over budget for 3 h", EVERYTHING, 9.0, "limits")
    (told,) = troubles_of(explanation((LLAMA, 1, overall), (QWEN, 2, overall)), {})
    assert (told.words, told.at, told.remedy) == (overall.words, EVERYTHING, "Change the limit")


def test_what_is_in_no_order_is_told_only_where_nothing_is_in_it():
    assert troubles_of(explanation((LLAMA, None, NO_KEY)), {})[0].remedy == "Enter the key"
    assert troubles_of(explanation((LLAMA, 1), (QWEN, None, NO_KEY)), {}) == ()


def test_what_fails_is_told_until_a_call_succeeds_also_when_its_suspension_has_run_out():
    failing = ScopeState(
        "groq/llama", half_open=True, failures=3, kind=ErrorKind.CONNECTION, reason="connection: nowhere"
    )
    told = troubles_of(explanation((LLAMA, 1, BUDGET), (QWEN, 2, BUDGET)), {"groq/llama": failing})
    assert [trouble.scope for trouble in told] == ["groq/llama", "groq"]
    assert told[0].words.startswith("Groq llama failed 3 times in a row, and the next call finds out")
    assert (told[0].at, told[0].setting, told[0].can_end) == ("groq", "base_url", False)


def test_what_is_suspended_is_not_told_to_be_failing_too():
    probed = ScopeState("groq", half_open=True, failures=3, kind=ErrorKind.SERVER, reason="server")
    told = troubles_of(explanation((LLAMA, 1, SUSPENDED)), {"groq": probed})
    assert [trouble.code for trouble in told] == [Obstacle.SUSPENDED]


@pytest.mark.parametrize("kind", ErrorKind)
def test_advice_and_remedy_of_a_suspension_follow_from_the_failure(kind):
    trouble = trouble_of(SUSPENDED, ScopeState("groq", 20.0, kind=kind))
    assert trouble.advice == ADVICE[kind].remedy
    assert (trouble.setting == "api_key") is (kind is ErrorKind.AUTH)
    assert trouble.can_end


def test_of_a_failure_that_is_not_known_nothing_is_advised():
    trouble = trouble_of(SUSPENDED)
    assert (trouble.advice, trouble.setting, trouble.can_end) == ("", "", True)


@pytest.mark.parametrize(
    ("scope", "kind", "at"),
    [
        ("groq/llama", ErrorKind.CONNECTION, "groq"),
        ("groq/llama", ErrorKind.NOT_FOUND, "groq/llama"),
        ("groq", ErrorKind.NOT_FOUND, ""),
        ("groq", ErrorKind.SERVER, ""),
    ],
)
def test_a_remedy_names_whose_field_it_is(scope, kind, at):
    assert failure_of(scope, kind, "words", is_suspended=False).at == at


def test_every_setting_that_a_failure_speaks_against_has_words():
    assert set(SETTINGS.values()) <= set(REMEDIES)


@pytest.mark.parametrize("setting", ["api_key", "enabled", "limits_scope", "max_concurrency", "pacing", *LIMITS])
def test_every_field_that_ends_an_obstacle_comes_with_what_to_do_there(setting):
    reason = Reason(Obstacle.BUSY, "Groq waits", "groq", 20.0, setting)
    assert troubles_of(explanation((LLAMA, 1, reason)), {})[0].remedy


def test_who_gives_way_to_a_more_urgent_batch_is_told_what_to_do():
    reason = Reason(Obstacle.OUTRANKED, "Groq lets a more urgent batch go first", "groq")
    (trouble,) = troubles_of(explanation((LLAMA, 1, reason)), {})
    assert (trouble.code, trouble.words, "made as urgent" in trouble.advice) == ("busy", reason.words, True)
