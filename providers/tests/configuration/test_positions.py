"""The order of trying: as a value, as a query, and as calls really go."""

import pytest

from providers import actions
from providers.configuration.positions import Positions, read_model_orders, read_provider_order
from providers.configuration.snapshot import load
from providers.models import Model, Provider
from providers.querysets import IN_ORDER_OF_TRYING
from providers.routing.route import model_order
from providers.tests.factories import make_provider, pk_of

pytestmark = pytest.mark.django_db
NAMES = ["a", "b", "c"]


@pytest.mark.parametrize("off", [(), ("c",), ("b",), ("b", "c"), ("a", "b", "c")])
@pytest.mark.parametrize("champion", [None, "c"])
@pytest.mark.parametrize("default", [None, "b"])
def test_value_query_and_calls_agree(off, champion, default):
    make_provider("groq", models=NAMES)
    actions.update_provider("groq", {"champion_model": champion, "default_model": default})
    for name in off:
        actions.set_model_enabled(pk_of("groq", name), False)

    listed = list(Model.objects.order_by(*IN_ORDER_OF_TRYING))
    shown = read_model_orders({"groq"})["groq"].shown
    called = [entry.model_id for entry in model_order(load().providers[0])]

    assert [model.pk for model in listed] == list(shown)
    assert [model.model_id for model in listed if model.enabled] == called


def test_marks_differ_where_the_order_or_the_start_does():
    marks = {
        order.mark
        for order in (Positions((1, 2)), Positions((2, 1)), Positions((1, 2), start=2), Positions((12,)), Positions(()))
    }
    assert len(marks) == 5


def test_a_row_is_put_back_by_the_one_above_it_or_else_by_the_one_below():
    order = Positions(("a", "b", "c"), start="c")
    assert order.neighbour_of("c") == {"after": "b"}
    assert order.neighbour_of("a") == {"before": "b"}
    assert Positions(("a",)).neighbour_of("a") == {}


def test_providers_have_no_start():
    make_provider("one")
    make_provider("two")
    assert read_provider_order() == Positions(tuple(Provider.objects.values_list("pk", flat=True)))


def test_orders_of_many_providers_are_one_query(django_assert_num_queries):
    for number in range(5):
        make_provider(f"p{number}", models=["a", "b"])
    with django_assert_num_queries(1):
        orders = read_model_orders({f"p{number}" for number in range(5)})
    assert len(orders) == 5
