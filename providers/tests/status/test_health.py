import pytest
from django.utils import timezone

from providers.llm.errors import ErrorKind
from providers.routing.admission import ScopeState
from providers.status.health import UNKNOWN, health_of


def test_a_row_of_which_nothing_is_known_is_not_called_closed():
    assert health_of(None) is UNKNOWN
    assert UNKNOWN.breaker is None


@pytest.mark.parametrize(
    ("state", "breaker"),
    [
        (ScopeState("a"), "closed"),
        (ScopeState("a", failures=2, kind=ErrorKind.SERVER), "closed"),
        (ScopeState("a", held_for_s=5), "closed"),
        (ScopeState("a", suspended_for_s=5, failures=3), "open"),
        (ScopeState("a", half_open=True, failures=3), "half_open"),
    ],
)
def test_the_breaker_is_closed_open_or_half_open(state, breaker):
    assert health_of(state).breaker == breaker


def test_a_reason_suspends_only_while_it_does_and_is_the_last_error_before_and_after():
    failing = health_of(ScopeState("a", failures=1, kind=ErrorKind.SERVER, reason="server: 503"))
    assert (failing.suspended_until, failing.suspended_reason) == (None, None)
    assert (failing.last_error, failing.last_error_reason, failing.failures) == ("server", "server: 503", 1)


def test_ends_are_moments_to_come():
    health = health_of(ScopeState("a", suspended_for_s=60, held_for_s=30, held_reason="rate_limited"))
    seconds = [(end - timezone.now()).total_seconds() for end in (health.suspended_until, health.held_until) if end]
    assert seconds == pytest.approx([60, 30], abs=1)
    assert health.held_reason == "rate_limited"


@pytest.mark.parametrize(
    ("kind", "reason", "words"),
    [
        (ErrorKind.AUTH, "auth: no such key", "auth: no such key"),
        (ErrorKind.AUTH, "no such key", "auth: no such key"),
        (ErrorKind.AUTH, "", "auth"),
        (None, "", ""),
    ],
)
def test_the_last_error_in_words_names_its_kind_once(kind, reason, words):
    assert health_of(ScopeState("a", kind=kind, reason=reason)).last_error_words == words
