"""Moves, switches and champions asked for from pages that may be out of date, and by several people at once."""

from typing import Any

import pytest

from providers import actions
from providers.configuration.positions import read_model_orders
from providers.models import Model, Provider
from providers.tests.actions.at_once import at_once
from providers.tests.factories import make_provider, model_ids, pk_of

NAMES = ["a", "b", "c", "d"]


@pytest.fixture
def four(db):
    make_provider("groq", models=NAMES)


def place(name, *, before=None, after=None, **more):
    anchors: dict[str, Any] = {"before": before and pk_of("groq", before), "after": after and pk_of("groq", after)}
    return actions.place_model(pk_of("groq", name), **anchors, **more)


def test_a_move_tells_the_orders_before_and_after(four):
    moved = place("d", before="a")
    keys = [pk_of("groq", name) for name in NAMES]
    assert (list(moved.was.keys), list(moved.now.keys)) == (keys, [keys[3], *keys[:3]])


def test_a_move_from_another_order_is_refused_and_changes_nothing(four):
    mark = place("d", before="a").was.mark
    with pytest.raises(actions.OutdatedError):
        place("b", before="a", only_from=mark)
    assert model_ids("groq") == ["d", "a", "b", "c"]


@pytest.mark.parametrize("side", ["before", "after"])
def test_beside_the_start_means_before_all_others(four, side):
    actions.update_provider("groq", {"champion_model": "c"})
    place("d", **{side: "c"})
    assert model_ids("groq") == ["d", "a", "b", "c"]


def test_exactly_beside_the_start_means_that_place(four):
    actions.update_provider("groq", {"champion_model": "c"})
    place("a", before="c", exactly=True)
    assert model_ids("groq") == ["b", "a", "c", "d"]


def test_the_only_other_model_stays_where_it_is(db):
    make_provider("groq", models=["a", "b"])
    actions.update_provider("groq", {"champion_model": "a"})
    moved = place("b", before="a")
    assert moved.was == moved.now


def test_a_switch_says_whether_anything_changed(four):
    pk = pk_of("groq", "a")
    assert [actions.switch(Model, pk, False), actions.switch(Model, pk, False)] == [True, False]
    assert not actions.switch(Provider, "groq", True)


def test_taking_away_what_it_is_not_changes_nothing(four):
    actions.update_provider("groq", {"champion_model": "a"})
    done = actions.set_champion(pk_of("groq", "b"), False)
    assert done.was == done.now == pk_of("groq", "a")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_undo_the_same_drop_at_once_one_is_refused():
    make_provider("groq", models=NAMES)
    moved = place("d", before="a")
    refused = []

    def undo():
        try:
            place("d", after="c", only_from=moved.now.mark, exactly=True)
        except actions.OutdatedError:
            refused.append(True)

    at_once(undo, undo)
    assert (model_ids("groq"), refused) == (NAMES, [True])


@pytest.mark.django_db(transaction=True)
def test_drops_champions_and_switches_at_once_neither_block_nor_break_the_list():
    make_provider("groq", models=NAMES)
    pks = [pk_of("groq", name) for name in NAMES]

    def drop():
        for number in range(10):
            actions.place_model(pks[number % 4], before=pks[(number + 1) % 4])

    def crown():
        for number in range(10):
            actions.set_champion(pks[number % 4], number % 3 > 0)

    def flip():
        for number in range(10):
            actions.switch(Model, pks[number % 4], number % 2 == 0)

    at_once(drop, drop, crown, flip)
    assert sorted(model_ids("groq")) == NAMES
    assert set(read_model_orders({"groq"})["groq"].keys) == set(pks)
