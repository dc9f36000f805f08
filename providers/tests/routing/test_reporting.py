"""What the shared store is told of each kind of fault."""

import pytest

from providers.llm.errors import ErrorKind, Fault
from providers.llm.types import Completion, LimitFact, Usage
from providers.routing.config import LimitEntry, Limits, LimitScope, ModelEntry, ProviderEntry
from providers.routing.limits.amounts import NOTHING, Amounts, Unit
from providers.routing.limits.window import DAY, Span, Window
from providers.routing.reporting import fault_report, good_report
from providers.routing.route import Route
from providers.routing.verdicts import VERDICTS

NOW = 1_790_000_000.0  # Mon, 21 Sep 2026 14:13:20 GMT, 07:13:20 in California
PACIFIC = Window(1, Span.DAY, "America/Los_Angeles")
MIDNIGHT_S = 60_400.0  # in California
ROUTE = Route(ProviderEntry("a", "A", "openai", "http://127.0.0.1"), ModelEntry("m"))
PER_MODEL = Route(ProviderEntry("a", "A", "openai", "http://127.0.0.1", limits_are_per_model=True), ModelEntry("m"))

# kind -> whose breaker counts it, whether the provider may fall with it, the tokens to settle, who is congested
TOLD = {
    ErrorKind.AUTH: ("a", False, NOTHING, ()),
    ErrorKind.BILLING: ("a", False, NOTHING, ()),
    ErrorKind.FORBIDDEN: ("a", False, NOTHING, ()),
    ErrorKind.NOT_FOUND: ("a/m", False, NOTHING, ()),
    ErrorKind.RATE_LIMITED: (None, False, NOTHING, ("a/m",)),
    ErrorKind.TIMEOUT: ("a/m", True, None, ("a/m",)),
    ErrorKind.CONNECTION: ("a/m", True, None, ()),
    ErrorKind.SERVER: ("a/m", True, NOTHING, ()),
    ErrorKind.BAD_REQUEST: (None, False, NOTHING, ()),
    ErrorKind.CONTEXT_LENGTH: (None, False, NOTHING, ()),
    ErrorKind.CONTENT_REFUSED: (None, False, NOTHING, ()),
    ErrorKind.BAD_OUTPUT: (None, False, NOTHING, ()),
}


def report(fault, route=ROUTE):
    return fault_report(route, fault, at_s=NOW, lag_s=0.0, latency_s=0.2)


@pytest.mark.parametrize("kind", ErrorKind)
def test_each_kind_is_told_as_its_row_says(kind):
    told = report(Fault(kind))
    scope = told.failure.scope if told.failure else None
    assert (scope, told.outage is not None, told.used, told.congested) == TOLD[kind]


def test_there_is_a_row_for_every_kind():
    assert set(TOLD) == set(ErrorKind) == set(VERDICTS)


@pytest.mark.parametrize("status", [503, 529])
def test_a_server_that_is_overloaded_gets_fewer_calls_at_once(status):
    assert report(Fault(ErrorKind.SERVER, status)).congested == ("a/m",)
    assert report(Fault(ErrorKind.SERVER, 500)).congested == ()


def test_a_rate_limit_holds_whom_the_limits_are_for():
    fault = Fault(ErrorKind.RATE_LIMITED, 429, retry_after_s=7)
    assert (report(fault).hold.scope, report(fault).hold.seconds, report(fault).hold.account) == ("a/m", 7, "a")
    assert (report(fault, PER_MODEL).hold.scope, report(fault, PER_MODEL).hold.account) == ("a/m", "")
    assert not report(fault).is_well


@pytest.mark.parametrize(
    ("window_s", "first_s"), [(None, 10), (1, 10), (60, 10), (3600, 60), (86_400, 600), (7 * 86_400, 1800)]
)
def test_a_rate_limit_without_a_time_is_waited_for_by_the_length_of_its_window(window_s, first_s):
    hold = report(Fault(ErrorKind.RATE_LIMITED, 429, limit_window_s=window_s)).hold
    assert (hold.seconds, hold.first_s) == (None, first_s)


@pytest.mark.parametrize("kind", [ErrorKind.BAD_REQUEST, ErrorKind.CONTEXT_LENGTH])
def test_a_request_that_is_refused_speaks_for_the_vendor_and_names_the_item(kind):
    told = fault_report(ROUTE, Fault(kind, 400), at_s=NOW, lag_s=0.0, latency_s=0.2, item="7")
    assert (told.refusal.scope, told.refusal.item) == ("a/m", "7")
    assert (told.is_well, told.is_good) == (True, False)


def test_what_never_reached_the_vendor_uses_up_nothing_and_is_no_items_fault():
    told = fault_report(
        ROUTE, Fault(ErrorKind.CONNECTION, is_unsent=True), at_s=NOW, lag_s=0.0, latency_s=0.2, item="7"
    )
    assert (told.used, told.is_unsent, told.failure.item) == (NOTHING, True, "")


def test_faults_of_the_item_speak_well_of_the_route():
    assert report(Fault(ErrorKind.BAD_OUTPUT, usage=Usage(10, 20))).is_well
    assert report(Fault(ErrorKind.BAD_OUTPUT, usage=Usage(10, 20))).used == Amounts(10, 20)


def test_a_good_answer_settles_its_tokens_and_passes_the_vendors_word_on():
    limits = (LimitFact("requests", remaining=3),)
    told = good_report(ROUTE, Completion("x", Usage(5, 6), 0.3, limits=limits), lag_s=0.1, latency_s=0.3)
    assert (told.used, told.lag_s, told.latency_s, told.vendor, told.is_well) == (Amounts(5, 6), 0.1, 0.3, limits, True)


SAYS_NOTHING = {
    ErrorKind.TIMEOUT,
    ErrorKind.BAD_REQUEST,
    ErrorKind.CONTEXT_LENGTH,
    ErrorKind.CONTENT_REFUSED,
    ErrorKind.BAD_OUTPUT,
}


@pytest.mark.parametrize("kind", ErrorKind)
def test_of_a_persons_test_neither_impatience_nor_a_useless_answer_is_told(kind):
    told = fault_report(ROUTE, Fault(kind), at_s=NOW, lag_s=0.0, latency_s=0.2, is_test=True)
    assert told.is_silent is (kind in SAYS_NOTHING)
    assert told.used == TOLD[kind][2]


def by_day(*limits, above=()):
    entries = tuple(LimitEntry(LimitScope.ACCOUNT, unit, 100, window) for unit, window in limits)
    above = tuple(LimitEntry(LimitScope.INSTALLATION, unit, 100, window) for unit, window in above)
    provider = ProviderEntry("a", "A", "openai", "http://127.0.0.1", limits=Limits(others=entries), above=above)
    return Route(provider, ModelEntry("m"))


BY_CALENDAR = by_day((Unit.TOKENS, PACIFIC), (Unit.REQUESTS, Window(1, Span.DAY, "UTC")))
UTC_MIDNIGHT_S = 35_200.0
DAY_OF_TOKENS = (LimitFact("tokens", 86_400, 200_000, told_by="body"),)
NOTHING_LEFT = (LimitFact("tokens", 86_400, remaining=0), LimitFact("requests", 86_400, remaining=5))


@pytest.mark.parametrize(
    ("route", "window_s", "limits", "seconds"),
    [
        (BY_CALENDAR, 86_400, DAY_OF_TOKENS, MIDNIGHT_S),
        (BY_CALENDAR, 86_400, NOTHING_LEFT, MIDNIGHT_S),
        (BY_CALENDAR, 86_400, (), UTC_MIDNIGHT_S),
        (by_day((Unit.REQUESTS, PACIFIC)), 86_400, DAY_OF_TOKENS, None),
        (by_day((Unit.TOKENS, DAY)), 86_400, DAY_OF_TOKENS, None),
        (by_day(above=[(Unit.TOKENS, PACIFIC)]), 86_400, DAY_OF_TOKENS, None),
        (BY_CALENDAR, 60, (), None),
        (BY_CALENDAR, None, (), None),
    ],
    ids=["named", "nothing left", "not named", "another unit", "it slides", "the installation's", "minute", "unknown"],
)
def test_a_full_window_of_a_calendar_here_is_waited_for_until_its_next_period(route, window_s, limits, seconds):
    fault = Fault(ErrorKind.RATE_LIMITED, 429, limits=limits, limit_window_s=window_s)
    assert report(fault, route).hold.seconds == seconds


def test_a_wait_that_the_vendor_names_stands():
    fault = Fault(ErrorKind.RATE_LIMITED, 429, retry_after_s=602, limits=DAY_OF_TOKENS, limit_window_s=86_400)
    assert report(fault, BY_CALENDAR).hold.seconds == 602
