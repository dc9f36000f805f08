"""Diversity: prompts for one topic and one type differ in more than a number."""

import re
from dataclasses import replace

import pytest

from generation.engine.planning.facets import Angle, Case, facets_of
from generation.engine.planning.plan import Order, plan
from generation.engine.prompts import build_request
from samples.taxonomy import taxonomy

KNOWN = taxonomy()


def prompts(count, **mix):
    """Without their numbers."""
    return [
        re.sub(r"\d+", "", build_request(spec, KNOWN).messages[-1].content) for spec in plan(Order(count, **mix), KNOWN)
    ]


@pytest.mark.parametrize("kind", ["case_analysis", "pure_conceptual", "simple_qa"])
@pytest.mark.parametrize("topic", ["Fraud", "UNCLOS"])
def test_a_thousand_items_of_one_topic_and_type_differ_in_more_than_a_number(kind, topic):
    made = prompts(1_000, topics=(topic,), sample_types=(kind,), seed=3)
    assert len(set(made)) >= 990


@pytest.mark.parametrize("kind", ["case_analysis", "simple_qa"])
def test_two_batches_with_different_seeds_share_no_prompt(kind):
    one, other = (prompts(1_000, topics=("Fraud",), sample_types=(kind,), seed=seed) for seed in (1, 2))
    assert not set(one) & set(other)


def test_the_facets_alone_differ_in_nearly_all_of_a_thousand():
    specs = plan(Order(1_000, topics=("Fraud",), sample_types=("simple_qa",)), KNOWN)
    told = {(facets.point, facets.about, facets.manner) for facets in (facets_of(spec, KNOWN) for spec in specs)}
    assert len(told) >= 900


def test_types_that_need_no_scenario_get_none():
    for spec in plan(Order(300), KNOWN):
        wants = KNOWN.sample_type(spec.sample_type).wants_scenario
        assert bool(spec.scenario) == wants
        assert isinstance(facets_of(spec, KNOWN).about, Case if wants else Angle)


def test_an_item_that_was_planned_with_a_scenario_that_its_type_does_not_want_is_asked_for_without():
    spec = replace(next(plan(Order(1, sample_types=("simple_qa",)), KNOWN)), scenario="risk_assessment")
    assert "Scenario" not in build_request(spec, KNOWN).messages[-1].content


def test_every_kind_of_case_has_its_lists_in_every_practice_area_and_jurisdiction():
    for topic in KNOWN.topics:
        for home in (*KNOWN.homes(topic), topic.jurisdiction):
            for pattern in KNOWN.scenario_patterns:
                spec = next(plan(Order(1, sample_types=("hypothetical",)), KNOWN))
                spec = replace(
                    spec, topic=topic.name, practice_area=topic.practice_area, jurisdiction=home, scenario=pattern
                )
                facets = facets_of(spec, KNOWN)
                assert facets.point in topic.sub_issues
                assert facets.names[0] != facets.names[1]


def test_a_topic_and_an_area_that_are_not_known_still_have_a_case():
    spec = replace(
        next(plan(Order(1, sample_types=("hypothetical",)), KNOWN)), topic="Space Law", practice_area="Space"
    )
    assert facets_of(spec, KNOWN).point == ""
    assert "Point:" not in build_request(spec, KNOWN).messages[-1].content
