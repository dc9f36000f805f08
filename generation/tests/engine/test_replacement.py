"""What takes the place of an item: another case of the same cell, with another scenario where it has one."""

from dataclasses import replace

import pytest

from generation.engine.planning.facets import facets_of
from generation.engine.planning.plan import ItemSpec
from generation.engine.planning.replacement import replacement
from samples.taxonomy import taxonomy

SPEC = ItemSpec(7, "uk", "Criminal Law", "Fraud", "basic", "hypothetical", "risk_assessment")


@pytest.mark.parametrize("scenario", [*taxonomy().scenario_patterns, "gone"])
def test_it_is_the_same_but_for_another_known_scenario(scenario):
    spec = replace(SPEC, scenario=scenario)
    other = replacement(spec, taxonomy())
    assert other.scenario in taxonomy().scenario_patterns
    assert other.scenario != scenario
    assert replace(other, scenario=scenario, draw=0) == spec


def test_without_a_scenario_its_facets_alone_are_others():
    spec = replace(SPEC, sample_type="simple_qa", scenario="")
    other = replacement(spec, taxonomy())
    assert replace(other, draw=0) == spec
    assert facets_of(other, taxonomy()) != facets_of(spec, taxonomy())


def test_it_is_the_same_one_each_time():
    assert replacement(SPEC, taxonomy()) == replacement(SPEC, taxonomy())
