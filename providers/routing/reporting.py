"""From how a call ended to what the shared state is told of it: policy, by the table of verdicts."""

from providers.llm.errors import ErrorKind, Fault
from providers.llm.types import Completion
from providers.routing.breaker import Trip
from providers.routing.report import Failure, Hold, Report
from providers.routing.route import Route
from providers.routing.verdicts import PROVIDER_OUTAGE, VERDICTS, Scope, Verdict

RETRY_AFTER_DEFAULT_S = 10.0
MAY_HAVE_BEEN_COUNTED = frozenset({ErrorKind.TIMEOUT, ErrorKind.CONNECTION})
OVERLOADED = frozenset({503, 529})


def good_report(completion: Completion, *, lag_s: float, latency_s: float) -> Report:
    tokens = completion.usage.total_tokens
    return Report(tokens, lag_s=lag_s, latency_s=latency_s, vendor=completion.limits)


def fault_report(route: Route, fault: Fault, *, lag_s: float, latency_s: float, is_test: bool = False) -> Report:
    """The estimate stands where the vendor may have counted what we cannot know.

    A person's test waits less long than a real call would: that it had no answer says nothing. Nor does an answer that
    is of no use: only a good one ends suspensions.
    """
    tokens = fault.usage.total_tokens if fault.usage else None if fault.kind in MAY_HAVE_BEEN_COUNTED else 0
    if is_test and (fault.kind is ErrorKind.TIMEOUT or VERDICTS[fault.kind].blames_item):
        return Report(tokens, lag_s=lag_s, latency_s=latency_s, is_silent=True)
    failure, outage = _failures(route, fault)
    return Report(
        tokens,
        lag_s=lag_s,
        latency_s=latency_s,
        failure=failure,
        outage=outage,
        hold=_hold(route, fault),
        congested=_congested(route, fault),
        vendor=fault.limits,
    )


def limited_scope(route: Route) -> str:
    """Whose limits a call to the route is under."""
    return route.key if route.provider.limits_are_per_model else route.provider.id


def _failures(route: Route, fault: Fault) -> tuple[Failure | None, Failure | None]:
    verdict, provider_id = VERDICTS[fault.kind], route.provider.id
    reason = f"{fault.kind}: {fault.detail}" if fault.detail else str(fault.kind)
    if verdict.suspends is Scope.PROVIDER:
        return Failure(provider_id, fault.kind, reason, _trip(verdict)), None
    if verdict.suspends is Scope.NOTHING:
        return None, None
    outage = Failure(provider_id, fault.kind, reason, _trip(PROVIDER_OUTAGE))
    return Failure(route.key, fault.kind, reason, _trip(verdict)), outage if verdict.speaks_against_provider else None


def _hold(route: Route, fault: Fault) -> Hold | None:
    if fault.kind is not ErrorKind.RATE_LIMITED:
        return None
    seconds = RETRY_AFTER_DEFAULT_S if fault.retry_after_s is None else fault.retry_after_s
    return Hold(limited_scope(route), seconds, f"{fault.kind}: {fault.detail}" if fault.detail else str(fault.kind))


def _congested(route: Route, fault: Fault) -> tuple[str, ...]:
    if fault.kind is ErrorKind.RATE_LIMITED:
        return (limited_scope(route),)
    if fault.kind is ErrorKind.TIMEOUT or fault.status in OVERLOADED:
        return (route.key,)
    return ()


def _trip(verdict: Verdict) -> Trip:
    return Trip(verdict.opens_after, round(verdict.open_s * 1000), round(verdict.max_open_s * 1000))
