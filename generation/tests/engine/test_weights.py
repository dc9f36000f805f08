"""Weights of a mix: how often its words come beside each other, and what to say of those that make no sense."""

from collections import Counter
from dataclasses import replace

import pytest

from generation.engine.estimates.spread import spread
from generation.engine.order import Order, check_order
from generation.engine.planning import plan
from generation.engine.weights import weight_words, weights_in
from samples.taxonomy import taxonomy

KNOWN = taxonomy()
UK_PARTS = {"england_wales", "scotland", "northern_ireland"}
FOUR = ("case_analysis", "simple_qa", "hypothetical", "case_study")


def specs(count, **mix):
    return list(plan(Order(count, **mix), KNOWN))


def law(spec):
    return "uk" if spec.jurisdiction in UK_PARTS else spec.jurisdiction


def in_quota(counts, total, weights):
    """Whether each came floor or ceil of its part of the total."""
    whole = sum(weights.values())
    return all(total * weight // whole <= counts[key] <= -(-total * weight // whole) for key, weight in weights.items())


@pytest.mark.parametrize("count", [1, 5, 40, 401])
@pytest.mark.parametrize("seed", [0, 9])
def test_jurisdictions_come_as_often_as_they_weigh_after_every_item(count, seed):
    weights = {"uk": 3, "us": 1}
    made = specs(count, jurisdictions=("uk", "us"), weights={"jurisdictions": weights}, seed=seed)
    for total in range(1, count + 1):
        assert in_quota(Counter(map(law, made[:total])), total, weights)


def test_the_parts_of_a_whole_share_its_weight_or_have_their_own():
    shared = Counter(spec.jurisdiction for spec in specs(600, weights={"jurisdictions": {"uk": 3}}))
    assert sum(shared[part] for part in UK_PARTS) == 300
    assert max(shared[part] for part in UK_PARTS) - min(shared[part] for part in UK_PARTS) < 30
    own = Counter(spec.jurisdiction for spec in specs(700, weights={"jurisdictions": {"scotland": 2}}))
    assert own["scotland"] == 2 * own["england_wales"] == 2 * own["us"] == 200


@pytest.mark.parametrize("count", [1, 7, 100, 333])
def test_types_and_difficulties_come_as_often_as_they_weigh(count):
    types, levels = {"case_analysis": 3, "simple_qa": 1}, {"basic": 2, "expert": 1}
    made = specs(
        count,
        sample_types=tuple(types),
        difficulties=tuple(levels),
        weights={"sample_types": types, "difficulties": levels},
    )
    assert in_quota(Counter(spec.sample_type for spec in made), count, types)
    assert abs(Counter(spec.difficulty for spec in made)["expert"] - count / 3) < 2


def test_a_topic_that_weighs_more_comes_more_often_and_one_of_no_weight_never():
    topics = ("Fraud", "TUPE", "VAT")
    counts = Counter(spec.topic for spec in specs(60, topics=topics, weights={"topics": {"fraud": 5, "VAT": 0}}))
    assert counts == {"Fraud": 50, "TUPE": 10}


def test_weights_of_difficulties_name_them():
    assert {spec.difficulty for spec in specs(300, weights={"difficulties": {"basic": 0, "expert": 2}})} == {
        "intermediate",
        "advanced",
        "expert",
    }


def test_every_type_meets_every_part_of_the_mix():
    made = specs(
        900, jurisdictions=("uk", "us"), sample_types=FOUR, weights={"jurisdictions": {"uk": 2}, "topics": {"Fraud": 3}}
    )
    assert len({(law(spec), spec.sample_type) for spec in made}) == 8
    assert len({(spec.topic, spec.sample_type) for spec in made}) == 57 * 4


@pytest.mark.parametrize("count", [1, 50, 777])
@pytest.mark.parametrize(
    "weights",
    [
        {"jurisdictions": {"uk": 3, "eu": 0}},
        {"jurisdictions": {"scotland": 2}, "sample_types": {"simple_qa": 7}},
        {"topics": {"TUPE": 4, "Fraud": 2}, "difficulties": {"basic": 3}},
    ],
)
def test_the_spread_tells_what_the_plan_holds(count, weights):
    made, shown = specs(count, weights=weights, seed=4), spread(Order(count, weights=weights, seed=4), KNOWN)
    for shares, field in (
        (shown.jurisdictions, "jurisdiction"),
        (shown.difficulties, "difficulty"),
        (shown.sample_types, "sample_type"),
    ):
        assert {share.id: share.count for share in shares} == Counter(getattr(spec, field) for spec in made)


def test_weights_of_one_change_nothing_but_the_share_of_jurisdictions():
    order = Order(100, weights={"sample_types": {"simple_qa": 1}, "topics": {"TUPE": 1}})
    assert list(plan(order, KNOWN)) == list(plan(Order(100), KNOWN))


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({"topic": {"TUPE": 1}}, ("'topic'", "jurisdictions, topics")),
        ({"jurisdictions": 3}, ("words with whole numbers",)),
        ([1], ("Give an object",)),
        ({"jurisdictions": {"ukk": 1}}, ("'ukk'", "Did you mean 'uk'")),
        ({"jurisdictions": {"uk": 1.5}}, ("'uk'", "whole number from 0 to 100")),
        ({"jurisdictions": {"uk": True}}, ("whole number",)),
        ({"jurisdictions": {"uk": -1}}, ("whole number",)),
        ({"jurisdictions": {"uk": 101}}, ("0 to 100",)),
        ({"jurisdictions": {"uk": 1, "UK": 2}}, ("'uk' is weighed twice",)),
        ({"jurisdictions": {"uk": 1, "scotland": 2}}, ("'scotland' is a part of 'uk'",)),
        ({"sample_types": {"educational": 2}}, ("'educational'", "not among those chosen")),
        ({"sample_types": {"simple_qa": 0}}, ("leave nothing",)),
        ({"jurisdictions": {"uk": 0, "us": 0, "eu": 0, "international": 0}}, ("leave nothing",)),
    ],
)
def test_what_cannot_be_weighed_is_named_with_the_remedy(weights, words):
    problems = check_order(Order(1, sample_types=("simple_qa",), weights=weights), KNOWN)
    assert list(problems) == ["weights"]
    assert all(word in problems["weights"] for word in words), problems


def test_weights_are_read_as_people_type_them():
    weights = {"jurisdictions": {"uk": 3, "us": 1}, "topics": {"breach of contract": 2}}
    assert weights_in(" uk:3, us: 1;\nbreach of contract:2,", KNOWN) == weights
    assert weights_in(weight_words(weights), KNOWN) == weights
    assert weights_in("", KNOWN) == {}


@pytest.mark.parametrize("text", ["uk", "uk:", ":3", "uk:much", "mars:2", "uk:1, uk:2", "uk:1.5"])
def test_what_is_typed_and_is_no_weight_is_refused(text):
    with pytest.raises(ValueError, match=r"uk:3|twice"):
        weights_in(text, KNOWN)


def test_weights_that_would_take_long_to_plan_are_refused_with_a_remedy():
    topics = tuple(replace(KNOWN.topics[0], name=f"T{number}", aliases=()) for number in range(1_000))
    weights = {"topics": {topic.name: 100 - topic.name.endswith("0") for topic in topics}}
    errors = check_order(Order(10, weights=weights), replace(KNOWN, topics=topics))
    assert "too many for 1,000 words. Give smaller ones" in errors["weights"]
