"""Every rule has a name of its own."""

from samples.quality.checking import RULES


def test_names_of_rules_are_unique() -> None:
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)
