"""Operations of the shared store as the scripts read them and answer."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from providers.llm.errors import ErrorKind
from providers.llm.types import LimitFact
from providers.routing import breaker
from providers.routing.admission import (
    CALL_LEASE_S,
    Admission,
    Admitted,
    Obstacle,
    Outlook,
    Refused,
    ScopeState,
)
from providers.routing.limits import budget, holds, ramp
from providers.routing.limits.amounts import NOTHING, Amounts, Unit
from providers.routing.limits.budget import Bucket, PastUse, Reservation
from providers.routing.limits.fairness import CREDIT, KNOWN_FOR_S, LEAD
from providers.routing.limits.heeding import heeded
from providers.routing.limits.urgency import GIVE_WAY_MS, WAITS_FOR_S, Urgency
from providers.routing.report import Failure, Hold, Report
from providers.routing.seconds import DAY_S
from providers.routing.verdicts import OUTAGES, REFUSALS

CHANGED_WAIT_MS = 200
CHANGED_FOR_MS = 60_000  # much longer than any worker goes by an old configuration
LONGEST_MS = DAY_S * 1000 * 365


def rules() -> dict[str, Any]:
    """The numbers of the pure packages, for the scripts."""
    return {
        "lease": ms(CALL_LEASE_S),
        "cold": ramp.COLD_CALLS,
        "most": ramp.MOST_CALLS,
        "leap": ramp.LEAP,
        "recovery": ramp.RECOVERY,
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
        "several": breaker.SEVERAL,
        "good_for": ms(breaker.GOOD_FOR_S),
        "failing_for": ms(breaker.FAILING_FOR_S),
        "failing_often": breaker.FAILING_OFTEN,
        "failing_most": breaker.FAILING_MOST,
        "last_resort": ms(breaker.LAST_RESORT_S),
        "turn": ms(breaker.TURN_S),
        "turns": breaker.TURNS,
        "outages": {kind.value: True for kind in OUTAGES},
        "refusals": {kind.value: True for kind in REFUSALS},
        "longest_hold": ms(holds.LONGEST_S),
        "model_known_for": ms(holds.MODEL_KNOWN_FOR_S),
        "account_known_for": ms(holds.ACCOUNT_KNOWN_FOR_S),
        "horizon": budget.HORIZON_MS,
        "margin": ms(budget.MARGIN_S),
        "longest_reset": budget.LONGEST_RESET_MS,
        "smooth_for": budget.SMOOTH_FOR_MS,
        "roomy": budget.ROOMY,
        "changed_wait": CHANGED_WAIT_MS,
        "waits_for": ms(WAITS_FOR_S),
        "give_way": GIVE_WAY_MS,
        "most_urgent": int(max(Urgency)),
        "lead": LEAD,
        "credit": CREDIT,
        "known_for": ms(KNOWN_FOR_S),
    }


def bucket_terms(buckets: Sequence[Bucket], amounts: Amounts, *moments_s: float) -> list[dict[str, Any]]:
    """``moments_s``, since the epoch, are those spoken of: buckets of the calendar go by the periods around them."""
    return [{**_lasting(bucket), **_ends(bucket, moments_s), "cost": bucket.cost(amounts)} for bucket in buckets]


@lru_cache(maxsize=4096)
def _lasting(bucket: Bucket) -> dict[str, Any]:
    """What it always says. What is not so is left out."""
    facts = {
        "weighs": bucket.unit is not Unit.REQUESTS or bucket.is_lumped,
        "smooth": bucket.is_smooth,
        "rests": bucket.is_short,
        "grain": bucket.grain_ms,
    }
    return {
        "name": bucket.name,
        "owner": bucket.key,
        "span": bucket.span_ms,
        "limit": bucket.limit,
        "gap": bucket.gap_ms,
        **{name: fact for name, fact in facts.items() if fact},
    }


def _ends(bucket: Bucket, moments_s: Iterable[float]) -> dict[str, Any]:
    if not bucket.window.time_zone:
        return {}
    return {"ends": sorted({end_s * 1000 for at_s in moments_s for end_s in bucket.window.ends(at_s)})}


def admit_op(admission: Admission, at_s: float) -> dict[str, Any]:
    ceilings = admission.ceilings or (None,) * len(admission.scopes)
    return {
        "does": "admit",
        "id": admission.id,
        "version": admission.version,
        "is_test": admission.is_test,
        "account": admission.account,
        "last_resort": admission.is_last_resort,
        "urgency": admission.urgency,
        "party": admission.party,
        "patience": ms(min(admission.patience_s, DAY_S)),
        "scopes": admission.scopes,
        "owners": admission.owners,
        "ceilings": [ceiling or 0 for ceiling in ceilings],
        "buckets": bucket_terms(_distinct(admission.buckets), admission.amounts, at_s),
    }


def outlook_op(admission: Admission, at_s: float) -> dict[str, Any]:
    return {**admit_op(admission, at_s), "does": "outlook"}


def decision(admission: Admission, answer: Sequence[Any]) -> Admitted | Refused:
    kind, number, third, *rest = answer
    if kind:
        return _refused(admission, answer)
    scopes, buckets = admission.scopes, _distinct(admission.buckets)
    reservation = Reservation(
        admission.id,
        buckets,
        admission.amounts,
        scopes,
        number + third,
        admission.version,
        admission.is_test,
        admission.account,
    )
    return Admitted(reservation, tuple(scopes[index - 1] for index in rest), third / 1000)


def outlook(admission: Admission, answer: Sequence[Any]) -> Outlook:
    obstacles, used = answer
    return Outlook(
        tuple(_refused(admission, each) for each in obstacles),
        dict(zip(_distinct(admission.buckets), used, strict=True)),
    )


def _refused(admission: Admission, answer: Sequence[Any]) -> Refused:
    kind, wait_ms, index, half_open, reason, allowed, *last_resort_ms = answer
    obstacle, owners = Obstacle(text(kind)), admission.owners
    if obstacle in (Obstacle.OVER_BUDGET, Obstacle.PACED):
        bucket = _distinct(admission.buckets)[index - 1]
        return Refused(wait_ms / 1000, obstacle, bucket.key, bucket=bucket)
    return Refused(
        wait_ms / 1000,
        obstacle,
        owners[index - 1] if owners else "",
        text(reason),
        bool(half_open),
        allowed,
        last_resort_s=(last_resort_ms[0] if last_resort_ms else wait_ms) / 1000,
    )


def _distinct(buckets: tuple[Bucket, ...]) -> tuple[Bucket, ...]:
    return tuple(dict.fromkeys(buckets))


def book_op(reservation: Reservation, report: Report, now_s: float) -> dict[str, Any]:
    op = {
        "does": "book",
        "id": reservation.id,
        "at": reservation.at_ms,
        "version": reservation.version,
        "is_test": reservation.is_test,
        "account": reservation.account,
        "scopes": reservation.scopes,
        "buckets": _settled(reservation, report.used, now_s),
        "lag": ms(report.lag_s),
        "latency": ms(report.latency_s),
        "vendor": list(_said(reservation.buckets, report.vendor)),
        "congested": report.congested,
        "unsent": report.is_unsent,
        "well": report.is_well,
        "good": report.is_good,
    }
    failures = {"failure": report.failure, "outage": report.outage, "refusal": report.refusal}
    op |= {name: _failure(failure) for name, failure in failures.items() if failure}
    if report.hold:
        op["hold"] = _hold(report.hold)
    return op


def _settled(reservation: Reservation, used: Amounts | None, now_s: float) -> list[dict[str, Any]]:
    """Its buckets, each with what was used of it, where that is known."""
    terms = bucket_terms(reservation.buckets, reservation.amounts, reservation.at_ms / 1000, now_s)
    if used is None:
        return terms
    return [{**term, "used": used.of(bucket.unit)} for term, bucket in zip(terms, reservation.buckets, strict=True)]


def release_op(reservation: Reservation) -> dict[str, Any]:
    buckets = bucket_terms(reservation.buckets, reservation.amounts, reservation.at_ms / 1000)
    return {
        "does": "release",
        "id": reservation.id,
        "at": reservation.at_ms,
        "account": reservation.account,
        "scopes": reservation.scopes,
        "buckets": buckets,
    }


def past_terms(past: Iterable[PastUse], at_s: float) -> list[dict[str, Any]]:
    by_bucket: dict[Bucket, list[tuple[str, int, int]]] = {}
    for use in past:
        by_bucket.setdefault(use.bucket, []).append((use.id, ms(use.ago_s), use.amount))
    return [{"bucket": bucket_terms([bucket], NOTHING, at_s)[0], "calls": calls} for bucket, calls in by_bucket.items()]


def renew_op(reservations: Iterable[Reservation]) -> dict[str, Any]:
    calls = [
        {"id": reservation.id, "scopes": reservation.scopes, "account": reservation.account}
        for reservation in reservations
    ]
    return {"does": "renew", "calls": calls}


def scope_state(scope: str, row: Sequence[Any]) -> ScopeState:
    suspended_ms, half_open, failures, kind, reason, held_ms, held_reason, in_flight, concurrency, seem = row
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
        limits_seem=text(seem),
    )


def _said(buckets: Sequence[Bucket], vendor: Iterable[LimitFact]) -> Iterator[dict[str, int]]:
    for bucket, fact in heeded(buckets, vendor).items():
        reset_ms = -1 if fact.reset_s is None else ms(fact.reset_s)
        yield {"bucket": buckets.index(bucket) + 1, "left": fact.remaining or 0, "reset": reset_ms}


def _hold(hold: Hold) -> dict[str, Any]:
    return {
        "scope": hold.scope,
        "ms": -1 if hold.seconds is None else max(ms(hold.seconds), 0),
        "first": ms(hold.first_s),
        "reason": breaker.brief(hold.reason),
        "account": hold.account,
    }


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "item": failure.item,
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
