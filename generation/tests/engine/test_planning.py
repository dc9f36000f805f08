"""Planning: evenness, determinism, and the words for an order that cannot be planned."""

import random
import tracemalloc
from collections import Counter
from collections.abc import Hashable, Iterable
from itertools import islice

import pytest

from generation.engine.planning.mixing import mix
from generation.engine.planning.plan import ItemSpec, Order, check_order, plan
from samples.taxonomy import taxonomy

CRIMINAL_TOPICS = ("Fraud", "Criminal Defences", "Murder and Manslaughter", "Actus Reus and Mens Rea")
FOUR_TYPES = ("case_analysis", "general_reasoning", "conversational", "hypothetical")
ALL_DIFFICULTIES = ("basic", "intermediate", "advanced", "expert")
SIZES = [
    (1, 1, 1, 1),
    (4, 4, 4, 5),
    (16, 4, 16, 5),
    (16, 1, 75, 5),
    (2, 4, 6, 5),
    (6, 4, 9, 5),
    (3, 2, 5, 5),
    (5, 3, 10, 5),
    (12, 3, 8, 5),
    (1, 4, 1, 5),
]


def unevenness(values: Iterable[Hashable], possible: int) -> int:
    """How much more often the commonest of ``possible`` values occurs than the rarest."""
    counts = Counter(values)
    rarest = min(counts.values()) if len(counts) == possible else 0
    return max(counts.values()) - rarest


def combination(spec: ItemSpec) -> tuple[str, str, str]:
    return spec.topic, spec.sample_type, spec.difficulty


@pytest.mark.parametrize("sizes", SIZES)
def test_every_axis_is_even_after_every_step(sizes):
    walk = mix(sizes, random.Random(1))
    counts = [[0] * size for size in sizes]
    for step in range(2_500):
        for axis, value in enumerate(walk.values(step)):
            counts[axis][value] += 1
        assert all(max(axis) - min(axis) <= 1 for axis in counts), step


@pytest.mark.parametrize("sizes", SIZES)
def test_every_combination_occurs_once_before_any_occurs_twice(sizes):
    walk = mix(sizes, random.Random(2))
    period = 1
    for axes in range(1, len(sizes) + 1):
        period *= sizes[axes - 1]
        seen = {walk.values(step)[:axes] for step in range(period)}
        assert len(seen) == period


@pytest.mark.parametrize("count", [1, 3, 7, 16, 63, 64, 65, 100, 128, 1_000])
def test_a_batch_is_even_over_combinations_topics_types_difficulties_and_scenarios(count):
    order = Order(count, topics=CRIMINAL_TOPICS, sample_types=FOUR_TYPES, difficulties=ALL_DIFFICULTIES, seed=count)
    specs = list(plan(order, taxonomy()))
    assert len(specs) == count
    assert unevenness(map(combination, specs), 64) <= 1
    for field, possible in (("topic", 4), ("sample_type", 4), ("difficulty", 4), ("scenario", 5)):
        assert unevenness((getattr(spec, field) for spec in specs), possible) <= 1, field


def test_types_meet_all_difficulties_early():
    specs = plan(Order(64, difficulties=ALL_DIFFICULTIES), taxonomy())
    assert len({(spec.sample_type, spec.difficulty) for spec in specs}) == 64


def test_a_repeated_combination_comes_with_another_scenario():
    specs = plan(Order(5, topics=("Fraud",), sample_types=("hypothetical",)), taxonomy())
    assert len({spec.scenario for spec in specs}) == 5


def test_a_small_batch_sees_every_jurisdiction():
    for seed in range(20):
        seen = {spec.jurisdiction for spec in plan(Order(20, seed=seed), taxonomy())}
        assert seen == {"england_wales", "scotland", "northern_ireland", "us", "eu", "international"}


def test_without_difficulties_each_topic_has_its_usual_one():
    usual = {topic.name: topic.difficulty for topic in taxonomy().topics}
    assert all(spec.difficulty == usual[spec.topic] for spec in plan(Order(200), taxonomy()))


def test_a_named_difficulty_applies_to_every_topic():
    specs = list(plan(Order(150, difficulties=("expert",)), taxonomy()))
    assert {spec.difficulty for spec in specs} == {"expert"}
    assert len({spec.topic for spec in specs}) == 75


def test_foundational_means_basic():
    assert {spec.difficulty for spec in plan(Order(10, difficulties=("Foundational", "basic")), taxonomy())} == {
        "basic"
    }


def test_words_are_matched_in_any_case_and_counted_once():
    order = Order(9, jurisdictions=("UK",), topics=("fraud", " FRAUD "), sample_types=("Simple_QA",))
    assert check_order(order, taxonomy()) == {}
    first = next(plan(order, taxonomy()))
    assert (first.number, first.practice_area, first.topic) == (1, "Criminal Law", "Fraud")


def test_the_same_seed_plans_the_same_items_and_another_one_others():
    plans = [list(plan(Order(50, seed=seed), taxonomy())) for seed in (7, 7, 8)]
    assert plans[0] == plans[1] != plans[2]


def test_a_longer_order_begins_like_a_shorter_one():
    assert list(islice(plan(Order(1_000), taxonomy()), 30)) == list(plan(Order(30), taxonomy()))


def test_planning_many_items_keeps_memory_flat():
    next(plan(Order(1), taxonomy()))
    tracemalloc.start()
    numbers = sum(spec.number for spec in plan(Order(20_000, difficulties=ALL_DIFFICULTIES), taxonomy()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert numbers == 20_000 * 20_001 // 2
    assert peak < 1_000_000


@pytest.mark.parametrize(
    ("order", "field", "words"),
    [
        (
            Order(1, jurisdictions=("ukk",)),
            "jurisdictions",
            ("'ukk'", "Did you mean 'uk'?", "uk, england_wales, scotland"),
        ),
        (Order(1, topics=("Frod",)), "topics", ("'Frod'", "Did you mean 'Fraud'?", "GET /api/topics")),
        (Order(1, topics=("zzz" * 99,)), "topics", ("no topic", "GET /api/topics")),
        (Order(1, difficulties=("exprt",)), "difficulties", ("'exprt'", "'expert'", "basic, intermediate")),
        (Order(1, sample_types=("simple-qa",)), "sample_types", ("'simple_qa'", "GET /api/sample-types")),
        (Order(1, ("us",), ("Fraud",)), "topics", ("'Fraud'", "scotland", "(us)", "GET /api/topics")),
    ],
)
def test_a_word_that_means_nothing_is_named_with_the_remedy(order, field, words):
    problems = check_order(order, taxonomy())
    assert list(problems) == [field]
    assert all(word in problems[field] for word in words), problems
    assert len(problems[field]) < 250


def test_every_wrong_field_is_reported():
    order = Order(1, jurisdictions=("x",), topics=("y",), difficulties=("z",), sample_types=("q",))
    assert check_order(order, taxonomy()).keys() == {"jurisdictions", "topics", "difficulties", "sample_types"}


def test_an_order_that_cannot_be_planned_is_refused_at_once():
    with pytest.raises(ValueError, match="no topic 'Frod'"):
        plan(Order(1, topics=("Frod",)), taxonomy())
