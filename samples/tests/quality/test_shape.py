"""What models write instead of a sample is found, and what lawyers write is left alone."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from samples.quality.checking import RULES
from samples.quality.rule import EXAMPLE
from samples.quality.rules import shape
from samples.quality.rules.shape.size import TIMES_MAX
from samples.taxonomy.requirements import Requirements

DATA = Path(__file__).parent / "data"
BROKEN = json.loads((DATA / "broken.json").read_text(encoding="utf-8"))
KEPT = json.loads((DATA / "kept.json").read_text(encoding="utf-8"))
SHAPE = [rule for rule in RULES if rule.find.__module__.startswith(shape.__name__)]
ASKED = Requirements("uk", "case_analysis", "basic", (), (100, 200), None, (1, None))


def broken(field, text, asked=None):
    """The names of the rules of this folder that the text breaks, as that field of a sample that is good."""
    draft = replace(EXAMPLE, **{field: text})
    return {finding.rule for rule in SHAPE for finding in rule.findings(draft, asked)}


@pytest.mark.parametrize(
    ("rule", "field", "text"),
    [(rule, field, text) for rule, fields in BROKEN.items() for field, texts in fields.items() for text in texts],
)
def test_what_a_model_writes_instead_of_a_sample_is_found(rule, field, text):
    assert rule in broken(field, text)


@pytest.mark.parametrize(("field", "text"), [(field, text) for field, texts in KEPT.items() for text in texts])
def test_what_lawyers_write_is_left_alone(field, text):
    assert broken(field, text) == set()


def test_every_rule_is_tried_on_several_wordings():
    assert set(BROKEN) == {rule.name for rule in SHAPE} - {"out_of_proportion"}
    assert all(sum(map(len, fields.values())) >= 3 for fields in BROKEN.values())


def test_an_answer_out_of_all_proportion_is_measured_by_what_was_asked_for():
    longest = " ".join(f"word{number}" for number in range(TIMES_MAX * 200))
    assert "out_of_proportion" not in broken("answer", longest, ASKED)
    assert "out_of_proportion" in broken("answer", f"{longest} more", ASKED)
    assert "out_of_proportion" not in broken("answer", f"{longest} more")


def test_a_sample_in_the_language_that_was_asked_for_is_no_foreign_one():
    french = BROKEN["wrong_language"]["answer"][0]
    assert "wrong_language" in broken("answer", french, ASKED)
    draft = replace(EXAMPLE, answer=french)
    rule = next(rule for rule in SHAPE if rule.name == "wrong_language")
    fields = {field for field, _ in rule.find(draft, replace(ASKED, language="fr-FR"))}
    assert fields == {"question", "reasoning"}  # which are in English
    assert not list(rule.find(draft, replace(ASKED, language="mt")))  # of which nobody told us any words
