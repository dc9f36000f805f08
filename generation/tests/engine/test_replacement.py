"""What takes the place of an item: another scenario of the same cell, for each scenario that there is."""

from dataclasses import replace

import pytest

from generation.engine.planning import ItemSpec
from generation.engine.replacement import replacement
from samples.taxonomy import taxonomy

SPEC = ItemSpec(7, "uk", "Criminal Law", "Fraud", "basic", "simple_qa", "risk_assessment")


@pytest.mark.parametrize("scenario", [*taxonomy().scenario_patterns, "gone"])
def test_it_is_the_same_but_for_another_known_scenario(scenario):
    spec = replace(SPEC, scenario=scenario)
    other = replacement(spec)
    assert other.scenario in taxonomy().scenario_patterns
    assert other.scenario != scenario
    assert replace(other, scenario=scenario) == spec
