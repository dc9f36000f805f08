"""From how a call ended to what the shared store is told of it: policy, by the table of verdicts."""

from providers.llm.errors import ErrorKind, Fault
from providers.llm.types import Completion, LimitFact
from providers.routing.breaker import Trip
from providers.routing.limits.amounts import NOTHING
from providers.routing.limits.budget import EVERYTHING
from providers.routing.report import FIRST_WAIT_S, Failure, Hold, Report
from providers.routing.route import Route
from providers.routing.seconds import DAY_S, HOUR_S, MINUTE_S
from providers.routing.verdicts import PROVIDER_OUTAGE, VERDICTS, Scope, Verdict

MAY_HAVE_BEEN_COUNTED = frozenset({ErrorKind.TIMEOUT, ErrorKind.CONNECTION})
"""Without an answer, a vendor may still have counted what was sent."""
OVERLOADED = frozenset({503, 529})
# How long a vendor that names no time is not called at first, by the window whose limit it says is full.
FIRST_WAITS_S = ((MINUTE_S, FIRST_WAIT_S), (HOUR_S, 60.0), (DAY_S, 600.0), (float("inf"), 1800.0))


def good_report(route: Route, completion: Completion, *, lag_s: float, latency_s: float) -> Report:
    used = route.amounts(completion.usage)
    return Report(used, lag_s=lag_s, latency_s=latency_s, vendor=completion.limits)


def fault_report(
    route: Route, fault: Fault, *, at_s: float, lag_s: float, latency_s: float, item: str = "", is_test: bool = False
) -> Report:
    """The estimate stands where the vendor may have counted what we cannot know. ``at_s``: now, since the epoch.

    A person's test waits less long than a real call would: that it had no answer says nothing. Nor does an answer that
    is of no use: only a good one ends suspensions.
    """
    used = route.amounts(fault.usage) if fault.usage else None if _may_have_been_counted(fault) else NOTHING
    if is_test and (fault.kind is ErrorKind.TIMEOUT or VERDICTS[fault.kind].blames_item):
        return Report(used, lag_s=lag_s, latency_s=latency_s, is_silent=True)
    if fault.is_unsent:
        item = ""  # what never left says nothing of what was asked
    failure = _failure(route, fault, item)
    verdict = VERDICTS[fault.kind]
    return Report(
        used,
        lag_s=lag_s,
        latency_s=latency_s,
        failure=None if verdict.is_refusal else failure,
        outage=_outage(route, fault, item) if verdict.is_outage else None,
        refusal=failure if verdict.is_refusal else None,
        hold=_hold(route, fault, at_s),
        congested=_congested(route, fault),
        vendor=fault.limits,
        is_unsent=fault.is_unsent,
        is_useless=True,
    )


def _may_have_been_counted(fault: Fault) -> bool:
    return fault.kind in MAY_HAVE_BEEN_COUNTED and not fault.is_unsent


def _failure(route: Route, fault: Fault, item: str) -> Failure | None:
    verdict = VERDICTS[fault.kind]
    if verdict.suspends is Scope.NOTHING:
        return None
    scope = route.provider.id if verdict.suspends is Scope.PROVIDER else route.key
    return Failure(scope, fault.kind, _reason(fault), _trip(verdict), item)


def _outage(route: Route, fault: Fault, item: str) -> Failure:
    return Failure(route.provider.id, fault.kind, _reason(fault), _trip(PROVIDER_OUTAGE), item)


def _hold(route: Route, fault: Fault, at_s: float) -> Hold | None:
    if fault.kind is not ErrorKind.RATE_LIMITED:
        return None
    window_s = fault.limit_window_s or MINUTE_S
    first_s = next(wait_s for longest_s, wait_s in FIRST_WAITS_S if window_s <= longest_s)
    wait_s = _until_next_period(route, fault, at_s) if fault.retry_after_s is None else fault.retry_after_s
    return Hold(route.key, wait_s, _reason(fault), first_s, route.provider.account)


def _until_next_period(route: Route, fault: Fault, at_s: float) -> float | None:
    """Where the full window is a period of a calendar here: until its next one begins. None where it is not.

    Of several such limits, the one that the vendor names, else the one whose period ends first.
    """
    named = {fact.unit for fact in fault.limits if fact.window_s == fault.limit_window_s and _is_full(fact)}
    fitting = [
        bucket
        for bucket in route.buckets
        if bucket.window.time_zone and bucket.window_s == fault.limit_window_s and bucket.key != EVERYTHING
    ]
    of_unit = [bucket for bucket in fitting if bucket.unit in named] if named else fitting
    return min((bucket.window.ends(at_s)[1] - at_s for bucket in of_unit), default=None)


def _is_full(fact: LimitFact) -> bool:
    return fact.told_by == "body" or fact.remaining == 0


def _congested(route: Route, fault: Fault) -> tuple[str, ...]:
    if fault.kind in (ErrorKind.RATE_LIMITED, ErrorKind.TIMEOUT) or fault.status in OVERLOADED:
        return (route.key,)
    return ()


def _reason(fault: Fault) -> str:
    return f"{fault.kind}: {fault.detail}" if fault.detail else str(fault.kind)


def _trip(verdict: Verdict) -> Trip:
    return Trip(verdict.opens_after, round(verdict.open_s * 1000), round(verdict.max_open_s * 1000))
