"""What takes the place of an item whose answers were rejected."""

from dataclasses import replace

from generation.engine.planning.plan import ItemSpec
from samples.taxonomy import Taxonomy


def replacement(spec: ItemSpec, known: Taxonomy) -> ItemSpec:
    """Another case for the same cell of the mix: the number stays, the facets are drawn anew.

    Where its type wants a scenario it is the next one of the taxonomy.
    """
    scenario = _next(spec.scenario, known.scenario_patterns) if spec.scenario else ""
    return replace(spec, scenario=scenario, draw=spec.draw + 1)


def _next(scenario: str, patterns: tuple[str, ...]) -> str:
    place = patterns.index(scenario) + 1 if scenario in patterns else 0
    return patterns[place % len(patterns)]
