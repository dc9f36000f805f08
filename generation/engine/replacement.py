"""What takes the place of an item whose answers were rejected."""

from dataclasses import replace

from generation.engine.planning import ItemSpec
from samples.taxonomy import taxonomy


def replacement(spec: ItemSpec) -> ItemSpec:
    """Another one of the same cell of the mix: the number stays, the scenario is the next one of the taxonomy."""
    patterns = taxonomy().scenario_patterns
    place = patterns.index(spec.scenario) + 1 if spec.scenario in patterns else 0
    return replace(spec, scenario=patterns[place % len(patterns)])
