"""Steps of the shared state as the scripts read them and answer."""

from collections.abc import Iterator, Sequence
from typing import Any

from providers.llm.errors import ErrorKind
from providers.llm.types import RateLimitFacts
from providers.routing import breaker, budget, ramp
from providers.routing.admission import Admission, Admitted, Obstacle, Refused, ScopeState
from providers.routing.budget import DAY_S, Bucket, Reservation, Unit, span_ms
from providers.routing.report import Failure, Report

OBSTACLES = (Obstacle.SUSPENDED, Obstacle.HELD, Obstacle.BUSY, Obstacle.OVER_BUDGET)  # as step.lua numbers them
CHANGED_REASON = "its configuration changed a moment ago"
CHANGED_WAIT_MS = 200
CHANGED_FOR_MS = 60_000  # much longer than any worker goes by an old configuration
REST_REASON = "Redis had lost its data: limits per minute rest until their window has passed"
LONGEST_MS = DAY_S * 1000 * 365


def rules(cold_calls: int) -> dict[str, Any]:
    """The numbers of the pure packages, for the scripts."""
    return {
        "cold": cold_calls,
        "most": ramp.MOST_CALLS,
        "warm_for": ramp.WARM_FOR_MS,
        "slow": ramp.SLOW,
        "news": ramp.NEWS,
        "drift": ramp.DRIFT,
        "cut": ramp.CUT,
        "cut_every": ramp.CUT_EVERY_MS,
        "wanted_for": ramp.WANTED_FOR_MS,
        "busy_wait": ramp.BUSY_WAIT_MS,
        "history": breaker.HISTORY,
        "rate_calls": breaker.RATE_CALLS,
        "rate_share": breaker.RATE_SHARE,
        "remembered": ms(breaker.REMEMBERED_S),
        "horizon": budget.HORIZON_MS,
        "longest_reset": budget.LONGEST_RESET_MS,
        "smooth_for": budget.SMOOTH_FOR_MS,
        "roomy": budget.ROOMY,
        "rest_reason": REST_REASON,
        "changed_reason": CHANGED_REASON,
        "changed_wait": CHANGED_WAIT_MS,
    }


def bucket_terms(buckets: Sequence[Bucket], tokens: int, margin_s: float) -> list[dict[str, Any]]:
    return [
        {
            "name": bucket.name,
            "owner": bucket.key,
            "weighs": bucket.unit is Unit.TOKENS,
            "span": span_ms(bucket, margin_s),
            "limit": bucket.limit,
            "cost": bucket.cost(tokens),
            "gap": bucket.gap_ms,
            "smooth": bucket.is_smooth,
        }
        for bucket in buckets
    ]


def admit_op(admission: Admission, margin_s: float) -> dict[str, Any]:
    ceilings = admission.ceilings or (None,) * len(admission.scopes)
    return {
        "does": "admit",
        "id": admission.id,
        "version": admission.version,
        "is_test": admission.is_test,
        "scopes": admission.scopes,
        "ceilings": [ceiling or 0 for ceiling in ceilings],
        "lease": ms(admission.lease_s),
        "buckets": bucket_terms(tuple(dict.fromkeys(admission.buckets)), admission.tokens, margin_s),
    }


def verdict(admission: Admission, answer: Sequence[Any]) -> Admitted | Refused:
    code, number, third, *rest = answer
    scopes, buckets = admission.scopes, tuple(dict.fromkeys(admission.buckets))
    if code == 0:
        reservation = Reservation(
            admission.id, buckets, admission.tokens, scopes, number + third, admission.version, admission.is_test
        )
        return Admitted(reservation, tuple(scopes[index - 1] for index in rest), third / 1000)
    obstacle, (half_open, reason) = OBSTACLES[code - 1], rest
    if obstacle is Obstacle.OVER_BUDGET:
        bucket = buckets[third - 1]
        return Refused(number / 1000, obstacle, bucket.key, str(bucket))
    return Refused(number / 1000, obstacle, scopes[third - 1] if scopes else "", text(reason), bool(half_open))


def book_op(reservation: Reservation, report: Report, margin_s: float) -> dict[str, Any]:
    op = {
        "does": "book",
        "id": reservation.id,
        "at": reservation.at_ms,
        "version": reservation.version,
        "is_test": reservation.is_test,
        "scopes": reservation.scopes,
        "buckets": bucket_terms(reservation.buckets, reservation.tokens, margin_s),
        "tokens": -1 if report.tokens is None else max(report.tokens, 0),
        "lag": ms(report.lag_s),
        "latency": ms(report.latency_s),
        "vendor": list(_said(reservation.buckets, report.vendor)),
        "congested": report.congested,
        "speaks": report.is_well,
    }
    if report.failure:
        op["failure"] = _failure(report.failure)
    if report.outage:
        op["outage"] = _failure(report.outage)
    if report.hold:
        reason = breaker.brief(report.hold.reason)
        op["hold"] = {"scope": report.hold.scope, "ms": ms(report.hold.seconds), "reason": reason}
    return op


def release_op(reservation: Reservation, margin_s: float) -> dict[str, Any]:
    buckets = bucket_terms(reservation.buckets, reservation.tokens, margin_s)
    return {"does": "release", "id": reservation.id, "scopes": reservation.scopes, "buckets": buckets}


def scope_state(scope: str, row: Sequence[Any]) -> ScopeState:
    suspended_ms, half_open, failures, kind, reason, held_ms, held_reason, in_flight, concurrency = row
    return ScopeState(
        scope,
        suspended_for_s=suspended_ms / 1000,
        half_open=bool(half_open),
        failures=failures,
        kind=ErrorKind(text(kind)) if kind else None,
        reason=text(reason),
        held_for_s=held_ms / 1000,
        held_reason=text(held_reason),
        in_flight=in_flight,
        concurrency=concurrency,
    )


def said_of(buckets: Sequence[Bucket], unit: Unit) -> int | None:
    """The index of the bucket that the vendor's word on ``unit`` is held against: the one of the shortest window."""
    fitting = [index for index, bucket in enumerate(buckets) if bucket.unit is unit]
    return min(fitting, key=lambda index: buckets[index].window_s, default=None)


def facts_of(vendor: RateLimitFacts | None, unit: Unit) -> tuple[int | None, float | None]:
    """What is left of the unit, and the seconds until it is whole again; None where the vendor said nothing."""
    if vendor is None:
        return None, None
    if unit is Unit.REQUESTS:
        return vendor.remaining_requests, vendor.reset_requests_s
    return vendor.remaining_tokens, vendor.reset_tokens_s


def _said(buckets: Sequence[Bucket], vendor: RateLimitFacts | None) -> Iterator[dict[str, int]]:
    for unit in Unit:
        index = said_of(buckets, unit)
        left, reset_s = facts_of(vendor, unit)
        if index is not None and left is not None:
            yield {"bucket": index + 1, "left": left, "reset": -1 if reset_s is None else ms(reset_s)}


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "scope": failure.scope,
        "kind": failure.kind.value,
        "reason": breaker.brief(failure.reason),
        "opens_after": failure.trip.opens_after,
        "open_ms": failure.trip.open_ms,
        "max_open_ms": failure.trip.max_open_ms,
    }


def ms(seconds: float) -> int:
    return min(round(seconds * 1000), LONGEST_MS)


def text(value: str | bytes) -> str:
    """Whether or not the client was told to decode."""
    return value.decode() if isinstance(value, bytes) else value
