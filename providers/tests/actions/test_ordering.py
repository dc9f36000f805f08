import pytest
from django.core.exceptions import ValidationError

from providers import actions
from providers.models import Model
from providers.tests.actions.at_once import at_once
from providers.tests.factories import make_model, make_provider, model_ids, pk_of, provider_ids

THREADS = 4
MOVES = 15


@pytest.fixture
def five(db) -> str:
    make_provider("groq", models=["a", "b", "c", "d", "e"])
    return "groq"


@pytest.mark.parametrize(
    ("position", "order"), [(0, "cabde"), (2, "abcde"), (4, "abdec"), (99, "abdec"), (-1, "cabde"), (1, "acbde")]
)
def test_a_priority_is_clamped_to_the_list(five, position, order):
    actions.set_priority(pk_of(five, "c"), position)
    assert model_ids(five) == list(order)


@pytest.mark.parametrize("position", ["1", None, True, 1.5])
def test_a_priority_that_is_no_number_is_refused(five, position):
    with pytest.raises(ValidationError, match="whole number"):
        actions.set_priority(pk_of(five, "c"), position)


def test_a_full_order_is_taken_as_it_is(five):
    actions.reorder_models(five, list("edcba"))
    assert model_ids(five) == list("edcba")


def test_a_partial_order_comes_first_and_the_rest_keep_theirs(five):
    actions.reorder_models(five, ["d", "b"])
    assert model_ids(five) == list("dbace")


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ([], "empty"),
        (["a", "a"], "Named twice: a"),
        (["a", "zz"], "Unknown model: zz. Known: a, b"),
        ("abc", "list"),
        ([1, 2], "texts"),
        (None, "list"),
    ],
)
def test_a_wrong_order_is_refused_and_changes_nothing(five, order, words):
    with pytest.raises(ValidationError) as error:
        actions.reorder_models(five, order)
    assert words in error.value.message_dict["model_order"][0]
    assert model_ids(five) == list("abcde")


@pytest.mark.parametrize(
    ("moved", "side", "anchor", "order"),
    [
        ("e", "before", "a", "eabcd"),
        ("a", "after", "e", "bcdea"),
        ("b", "before", "e", "acdbe"),
        ("d", "after", "a", "adbce"),
        ("c", "before", "c", "abcde"),
    ],
)
def test_a_model_is_put_next_to_another(five, moved, side, anchor, order):
    actions.move_model(pk_of(five, moved), **{side: pk_of(five, anchor)})
    assert model_ids(five) == list(order)


def test_a_model_is_not_put_next_to_one_of_another_provider(five):
    other = make_model(make_provider("other"))
    with pytest.raises(ValidationError) as error:
        actions.move_model(pk_of(five, "a"), before=other.pk)
    assert error.value.error_dict["before"][0].code == "conflict"


def test_a_move_names_one_neighbour(five):
    for neighbours in ({}, {"before": 1, "after": 2}):
        with pytest.raises(ValidationError, match="either before or after"):
            actions.move_model(pk_of(five, "a"), **neighbours)


def test_a_model_may_be_created_at_a_place(five):
    make_model(five, "new", fallback_priority=1)
    assert model_ids(five) == ["a", "new", "b", "c", "d", "e"]


def test_gaps_that_sql_left_are_closed_by_the_next_move(five):
    Model.objects.filter(model_id__in="bd").delete()
    Model.objects.filter(model_id="e").update(fallback_priority=40)
    actions.set_priority(pk_of(five, "c"), 0)
    assert model_ids(five) == list("cae")


def test_providers_are_moved(db):
    for name in "abcd":
        make_provider(name)
    actions.move_provider("d", before="a")
    actions.move_provider("b", after="d")
    assert provider_ids() == list("dbac")
    actions.move_provider("c", before="b")
    actions.move_provider("d", after="a")
    assert provider_ids() == list("cbad")


@pytest.mark.django_db(transaction=True)
def test_concurrent_moves_leave_neither_gap_nor_duplicate():
    names = [f"m{place}" for place in range(8)]
    make_provider("groq", models=names)
    pks = [pk_of("groq", name) for name in names]

    def move(thread: int) -> None:
        for number in range(MOVES):
            actions.set_priority(pks[(thread + number) % 8], (thread * 5 + number * 3) % 8)

    at_once(*(lambda thread=thread: move(thread) for thread in range(THREADS)))
    assert sorted(model_ids("groq")) == names


@pytest.mark.django_db(transaction=True)
def test_concurrent_creates_and_deletes_of_models_leave_neither_gap_nor_duplicate():
    make_provider("groq", models=["x0", "x1", "x2", "x3"])

    def work(thread: int) -> None:
        for number in range(5):
            make_model("groq", f"t{thread}-{number}")
        actions.delete_model(pk_of("groq", f"x{thread}"))

    at_once(*(lambda thread=thread: work(thread) for thread in range(THREADS)))
    assert len(model_ids("groq")) == 20


@pytest.mark.django_db(transaction=True)
def test_the_first_providers_may_be_created_at_once():
    at_once(*(lambda thread=thread: make_provider(f"p{thread}") for thread in range(THREADS)))
    assert len(provider_ids()) == THREADS


@pytest.mark.django_db(transaction=True)
def test_writers_of_every_sort_do_not_wait_for_each_other_in_a_circle():
    for number in range(4):
        make_provider(f"p{number}", models=3)

    def reorder() -> None:
        for number in range(MOVES):
            actions.update_provider(f"p{number % 3}", {"order": 0})

    def edit() -> None:
        for number in range(MOVES):
            actions.update_provider("p0", {"name": f"n{number}", "champion_model": f"m{number % 3}"})
            actions.set_priority(pk_of("p1", "m0"), number % 3)

    def key() -> None:
        for number in range(MOVES):
            actions.set_secrets(f"p{number % 3}", api_key=f"sk-0123456789-{number}")

    def come_and_go() -> None:
        for number in range(MOVES):
            make_provider(f"new{number}", models=1)
            actions.delete_provider(f"new{number}")

    at_once(reorder, edit, key, come_and_go)
    assert sorted(provider_ids()) == ["p0", "p1", "p2", "p3"]
