"""Every rule has a name of its own, and its examples are what they are said to be."""

import pytest

from samples.quality.checking import RULES, check
from samples.quality.rule import EXAMPLE, Rule


def name(rule: Rule) -> str:
    return rule.name


def test_names_of_rules_are_unique():
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)


def test_the_example_keeps_all_rules():
    assert check(EXAMPLE) == ()


@pytest.mark.parametrize("rule", RULES, ids=name)
def test_the_good_example_of_a_rule_keeps_all_rules(rule):
    assert check(rule.example(rule.good), rule.asked) == ()


@pytest.mark.parametrize("rule", RULES, ids=name)
def test_the_bad_example_of_a_rule_breaks_it_and_no_other(rule):
    found = check(rule.example(rule.bad), rule.asked)
    assert {finding.rule for finding in found} == {rule.name}
    assert {finding.severity for finding in found} == {rule.severity}
    assert rule.field in {finding.field for finding in found}


@pytest.mark.parametrize("rule", RULES, ids=name)
def test_what_a_rule_says_is_one_sentence_and_what_it_finds_is_a_clause(rule):
    assert rule.says[0].isupper()
    assert rule.says.endswith(".")
    assert not any(finding.message.endswith(".") for finding in check(rule.example(rule.bad), rule.asked))
