"""A batch's caps: their arithmetic by tables, and claims that reserve, over real connections."""

import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection, transaction

from generation.choices import BatchStatus, ItemStatus
from generation.engine.caps import Spend, SpendingGuard, expected_spend
from generation.models import Batch, Item
from generation.tests.factories import make_batch
from generation.worker.items import caps
from providers.llm.types import Usage
from providers.routing.config import ModelEntry, ProviderEntry
from providers.routing.route import Route

EACH = Spend(100, Decimal("0.5"))


def money(text):
    return None if text is None else Decimal(text)


@pytest.mark.parametrize(
    ("token_cap", "spent", "reserved", "per_item", "room"),
    [
        (None, 10**9, 10**9, 100, 8),
        (1000, 0, 0, 100, 8),
        (1000, 500, 0, 100, 5),
        (1000, 500, 300, 100, 2),
        (1000, 500, 401, 100, 0),
        (1000, 901, 0, 100, 0),
        (1000, 900, 0, 100, 1),
        (1000, 1000, 0, 100, 0),
        (1000, 1300, 0, 100, 0),
        (1000, 0, 0, 1001, 0),
    ],
)
def test_room_is_what_fits_beside_what_is_spent_and_reserved(token_cap, spent, reserved, per_item, room):
    guard = SpendingGuard(token_cap, None, Spend(spent), Spend(reserved))
    assert guard.room(Spend(per_item), 8) == room
    assert guard.is_reached(Spend(per_item)) == (room == 0)


@pytest.mark.parametrize(
    ("cost_cap", "spent", "reserved", "per_item", "room"),
    [
        (None, "99", "99", "1", 8),
        ("0.3", "0", "0", "0.1", 3),  # binary floats would make it 2
        ("2.5", "2.43", "0", "0.0701", 0),
        ("2.5", "2.43", "0", "0.07", 1),
        ("2.5", "2.4", "0.03", "0.07", 1),
        ("2.5", "2.49999999", "0", "0", 8),
        ("2.5", "2.5", "0", "0", 0),
    ],
)
def test_money_is_counted_to_the_last_digit_and_what_is_free_fits_until_nothing_is_left(
    cost_cap, spent, reserved, per_item, room
):
    guard = SpendingGuard(None, money(cost_cap), Spend(0, Decimal(spent)), Spend(0, Decimal(reserved)))
    assert guard.room(Spend(1, Decimal(per_item)), 8) == room


def test_of_two_caps_the_tighter_one_decides():
    assert SpendingGuard(1000, Decimal(2)).room(EACH, 8) == 4
    assert SpendingGuard(300, Decimal(2)).room(EACH, 8) == 3


def test_an_estimate_is_never_rounded_below_what_was_meant():
    assert Spend(0, Decimal("0.123456781")).rounded_up == Spend(1, Decimal("0.12345679"))


def test_a_reached_cap_is_told_with_its_numbers():
    guard = SpendingGuard(100_000, Decimal("2.5"), Spend(98_312, Decimal("2.4987")))
    assert guard.problems(Spend(2_351, Decimal("0.00711"))) == {
        "token_cap": "Its cap of 100,000 tokens is reached: 98,312 are used and the next sample needs about 2,400.",
        "cost_cap": "Its cost cap of $2.50 is reached: $2.499 is spent and the next sample costs about $0.0072.",
    }


def test_a_cap_that_leaves_room_is_no_problem():
    assert SpendingGuard(1000, Decimal(2)).problems(EACH) == {}


def test_an_item_is_expected_to_cost_what_the_dearest_route_asks():
    provider = ProviderEntry("p", "P", "openai", "http://h")
    prices = [("1", "2"), ("3", "1.5"), (None, "9")]
    models = [ModelEntry("m", input_price=money(first), output_price=money(last)) for first, last in prices]
    routes = [Route(provider, model) for model in models]
    assert expected_spend(Usage(1000, 2000), routes) == Spend(3000, Decimal("0.006"))


# --- claims ---------------------------------------------------------------


def running(count=20, **fields):
    return make_batch(count=count, status=BatchStatus.RUNNING, **fields)


def claim(batch, wanted, *, per_item=EACH, token=None, pause_s=0.0):
    """As a lane claims: ask what is affordable, take so many, write the reservation; one transaction."""
    with transaction.atomic():
        room = caps.affordable(batch.pk, wanted, per_item)
        time.sleep(pause_s)
        waiting = Item.objects.claimable().filter(batch=batch).select_for_update(skip_locked=True, of=("self",))
        items = list(waiting.order_by("number")[:room])
        Item.objects.filter(pk__in=[item.pk for item in items]).update(
            status=ItemStatus.LEASED,
            lease_token=token or uuid4(),
            leased_until="2100-01-01T00:00Z",
            **caps.reservation(per_item),
        )
    return items


def settle(batch, items, *, tokens):
    """As results are saved: the lease ends in the transaction that books the calls."""
    Item.objects.filter(pk__in=[item.pk for item in items]).update(
        status=ItemStatus.DONE, lease_token=None, leased_until=None
    )
    Batch.objects.filter(pk=batch.pk).update(tokens=tokens, generated=len(items))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "claimed"),
    [
        ({}, 8),
        ({"token_cap": 450}, 4),
        ({"token_cap": 450, "tokens": 200}, 2),
        ({"cost_cap": Decimal("1.5")}, 3),
        ({"cost_cap": Decimal("1.5"), "cost": Decimal("1.2")}, 0),
        ({"token_cap": 10**6, "cost_cap": Decimal("0.5")}, 1),
    ],
)
def test_a_claim_takes_as_many_items_as_the_caps_leave_room_for(fields, claimed):
    assert len(claim(running(**fields), 8)) == claimed


@pytest.mark.django_db
def test_what_is_reserved_counts_until_its_lease_ends():
    batch = running(token_cap=450)
    items = claim(batch, 3)
    assert len(claim(batch, 8)) == 1
    settle(batch, items, tokens=150)  # half of what was reserved for them
    assert len(claim(batch, 8)) == 2


@pytest.mark.django_db
def test_items_claimed_before_a_cap_was_set_count_against_it():
    batch = running()
    claim(batch, 3)
    Batch.objects.update(token_cap=450)
    assert len(claim(batch, 8)) == 1


@pytest.mark.django_db(transaction=True)
def test_lanes_that_claim_at_once_never_reserve_beyond_the_cap():
    batch = running(count=60, token_cap=1050)

    def lane(_):
        try:
            return sum(len(claim(batch, 6, pause_s=0.02)) for _ in range(3))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lane, range(4))) == 10
    assert Item.objects.filter(status=ItemStatus.LEASED).count() == 10


@pytest.mark.django_db
def test_a_further_call_of_an_item_is_reserved_while_there_is_room():
    batch, token = running(token_cap=350), uuid4()
    (item,) = claim(batch, 1, token=token)
    assert caps.reserve_more(batch.pk, item.pk, token, EACH)
    assert len(claim(batch, 8)) == 1
    assert not caps.reserve_more(batch.pk, item.pk, token, EACH)
    assert Item.objects.get(pk=item.pk).reserved_tokens == 200


@pytest.mark.django_db
def test_nothing_more_is_reserved_for_an_item_that_was_taken_away():
    batch = running()
    (item,) = claim(batch, 1)
    assert not caps.reserve_more(batch.pk, item.pk, uuid4(), EACH)


@pytest.mark.django_db
def test_a_batch_at_its_cap_pauses_with_the_numbers_and_wakes_by_nobody():
    batch = running(token_cap=450, tokens=400)
    assert caps.pause_if_reached(batch.pk, Spend(120))
    batch.refresh_from_db()
    assert (batch.status, batch.wake_at, batch.is_at_cap) == (BatchStatus.PAUSED, None, True)
    assert batch.status_reason == (
        "Its cap of 450 tokens is reached: 400 are used and the next sample needs about 120. "
        "Raise the cap and resume, or stop it."
    )
    assert not Batch.objects.self_waking().exists()


@pytest.mark.django_db
def test_a_batch_does_not_pause_at_its_cap_while_an_item_is_in_work():
    batch = running(token_cap=150)
    claim(batch, 1)
    assert not caps.pause_if_reached(batch.pk, EACH)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields", [{}, {"token_cap": 500, "tokens": 100}, {"token_cap": 100, "tokens": 100, "count": 3, "done": 3}]
)
def test_without_a_cap_with_room_or_with_nothing_to_do_it_does_not_pause(fields):
    assert not caps.pause_if_reached(running(**fields).pk, EACH)


@pytest.mark.django_db
def test_a_batch_that_was_stopped_in_between_stays_stopped():
    batch = make_batch(status=BatchStatus.STOPPED, token_cap=1, tokens=1)
    assert not caps.pause_if_reached(batch.pk, EACH)
    assert Batch.objects.get().status == BatchStatus.STOPPED
