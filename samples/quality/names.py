"""The names of rules, as filters offer them."""

from samples.quality import checking

ANY = "any"
"""Stands for every rule in filters, and so is no rule's name."""


def rule_names() -> list[str]:
    return [rule.name for rule in checking.RULES]
