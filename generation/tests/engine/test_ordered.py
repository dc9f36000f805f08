"""A batch and the order for it ask for the same, to the last word."""

from decimal import Decimal

import pytest

from generation.actions import BatchOrder, start_batch
from generation.engine.planning.order import Order
from generation.engine.planning.ordered import choice_of, mix_of
from providers.routing.route import RouteChoice
from providers.tests.factories import make_provider

pytestmark = pytest.mark.django_db


def test_a_batch_asks_for_what_its_order_asked_for():
    make_provider("p", models=["m"], requires_key=False, enabled=True)
    order = BatchOrder(count=3, provider="p", model="m", jurisdictions=("uk",), sample_types=("simple_qa",), seed=7)
    batch = start_batch(order, queue=False)
    batch.refresh_from_db()
    assert mix_of(batch) == mix_of(order) == Order(3, ("uk",), (), (), ("simple_qa",), 7)
    assert choice_of(batch) == choice_of(order) == RouteChoice("p", "m")


def test_a_cap_in_money_leaves_out_what_has_no_price():
    assert choice_of(BatchOrder(count=1, cost_cap=Decimal(1))) == RouteChoice(priced_only=True)
    assert not choice_of(BatchOrder(count=1, token_cap=1)).priced_only
