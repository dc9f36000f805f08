"""What takes the place of an item whose answers were rejected."""

from dataclasses import replace

from generation.engine.planning import ItemSpec
from samples.taxonomy import Taxonomy


def replacement(spec: ItemSpec, known: Taxonomy) -> ItemSpec:
    """Another one of the same cell of the mix: the number stays, the scenario is the next one that is known."""
    patterns = known.scenario_patterns
    place = patterns.index(spec.scenario) + 1 if spec.scenario in patterns else 0
    return replace(spec, scenario=patterns[place % len(patterns)])
