"""Equal batches get equal shares of what all of them want, and nothing is left unused for it."""

from dataclasses import replace

import pytest

from generation.tests.simulation.crowd import Crowd, share_out

CROWDS = {
    "requests": Crowd(5, 4.0, 6, {"requests_per_minute": 200}),
    "tokens": Crowd(5, 1.0, 6, {"tokens_per_minute": 200_000}),
    "places": Crowd(5, 4.0, 6, {}, places=8),
}
SHORT_CALLS = Crowd(1, 0.2, 0.5, {}, places=8, warm_up_s=5.0)


@pytest.mark.parametrize("crowd", CROWDS.values(), ids=CROWDS)
def test_equal_batches_make_as_much_as_each_other(crowd):
    assert share_out(crowd).off_their_mean <= 0.05


def test_two_batches_of_short_calls_make_as_much_together_as_one_alone():
    alone, two = share_out(SHORT_CALLS), share_out(replace(SHORT_CALLS, batches=2))
    assert sum(two.made) >= 0.95 * sum(alone.made)
    assert two.off_their_mean <= 0.05


def test_many_lanes_that_wait_for_few_places_do_not_ask_all_the_time():
    shares = share_out(Crowd(20, 4.0, 3, {}, places=4))
    assert sum(shares.made) >= 0.95 * 2 * 60 * 4 / 4.05
    assert shares.asked <= 75 * shares.admitted
