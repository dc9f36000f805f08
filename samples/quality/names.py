"""The names of rules, as filters offer them."""

from samples.quality import checking


def rule_names() -> list[str]:
    return [rule.name for rule in checking.RULES]
