"""The breaker's arithmetic, without a clock or a store."""

import pytest

from providers.llm.errors import ErrorKind
from providers.routing.breaker import Breaker, Trip, brief, failed, probed, unprobed

TRIP = Trip(opens_after=3, open_ms=30_000, max_open_ms=900_000)


def fail(breaker: Breaker, now_ms: int, times: int = 1, trip: Trip = TRIP) -> Breaker:
    for _ in range(times):
        breaker = failed(breaker, now_ms, ErrorKind.SERVER, "503", trip)
    return breaker


def test_too_few_failures_leave_it_closed():
    breaker = fail(Breaker(), 1000, times=2)
    assert (breaker.failures, breaker.wait_ms(1000), breaker.is_half_open(1000)) == (2, 0, False)


def test_enough_consecutive_failures_open_it():
    assert fail(Breaker(), 1000, times=3).wait_ms(1000) == 30_000


def test_past_its_deadline_it_is_half_open():
    breaker = fail(Breaker(), 1000, times=3)
    assert not breaker.is_half_open(30_999)
    assert breaker.is_half_open(31_000)


@pytest.mark.parametrize(
    ("opening", "open_ms"),
    [(1, 30_000), (2, 60_000), (3, 120_000), (4, 240_000), (5, 480_000), (6, 900_000), (60, 900_000)],
)
def test_open_time_doubles_per_opening_up_to_the_most(opening, open_ms):
    assert TRIP.duration_ms(opening) == open_ms


def test_a_failure_while_half_open_opens_it_for_longer():
    breaker = fail(fail(Breaker(), 1000, times=3), 31_000)
    assert (breaker.openings, breaker.wait_ms(31_000)) == (2, 60_000)


def test_a_late_failure_while_open_moves_the_deadline_but_is_no_opening():
    breaker = fail(fail(Breaker(), 1000, times=3), 2000)
    assert (breaker.openings, breaker.open_until_ms) == (1, 32_000)


def test_a_milder_failure_never_shortens_the_deadline_nor_hides_its_reason():
    revoked = failed(Breaker(), 0, ErrorKind.AUTH, "revoked", Trip(1, 86_400_000, 86_400_000))
    later = fail(revoked, 10, times=5)
    assert (later.open_until_ms, later.kind, later.reason) == (86_400_000, ErrorKind.AUTH, "revoked")


def test_while_its_probe_is_out_others_wait_for_the_probes_deadline():
    breaker = probed(fail(Breaker(), 1000, times=3), "a", 181_000)
    assert (breaker.wait_ms(31_000), breaker.wait_ms(181_000)) == (150_000, 0)


def test_only_the_probe_itself_frees_its_place():
    breaker = probed(fail(Breaker(), 1000, times=3), "a", 181_000)
    assert unprobed(breaker, "b") == breaker
    assert unprobed(breaker, "a").wait_ms(31_000) == 0


def test_a_reason_is_cut_and_can_always_be_encoded():
    assert brief("x" * 1000) == "x" * 300
    assert brief("bad \ud800 text") == "bad ? text"
