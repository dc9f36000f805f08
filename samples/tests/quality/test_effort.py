"""Whatever stands in a text, the work of the rules grows with its length: counted, not timed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from legalds.tests.effort import calls_in
from samples.quality.checking import RULES, check
from samples.quality.rule import EXAMPLE
from samples.quality.text import FIELDS, folded

BROKEN = json.loads((Path(__file__).parent / "data" / "broken.json").read_text(encoding="utf-8"))
MARKS = [
    *("\n", " ", "a ", ". ", "A. b ", "x\n", "- x\n", "(", "[", "{{", "<", "</", "<|a", "&nbsp", '"', "'a ", "\u201c"),
    *("> ", "__", "| a ", "# ", "?", "1,000 ", "the ", "le la ", "\u4e2d", "\u00e9", "\U0001f389", "\u2019"),
    *("client: i'm ", "judge:\n"),
]
UNITS = [*MARKS, *(text[:60] for fields in BROKEN.values() for text in next(iter(fields.values()))[:3])]
CALLS_PER_CHARACTER_MAX = 12
LENGTH = 20_000


def calls(field, text):
    draft = replace(EXAMPLE, **{field: text})
    folded.cache_clear()
    return calls_in(lambda: check(draft))


@pytest.mark.parametrize("unit", UNITS)
def test_the_rules_take_steps_that_grow_with_the_length_of_a_text(unit):
    text = (unit * LENGTH)[:LENGTH]
    for field in FIELDS:
        few, many = (calls(field, text[:length]) for length in (LENGTH // 4, LENGTH))
        assert many <= 5 * few + 100
        assert many <= CALLS_PER_CHARACTER_MAX * LENGTH


def test_texts_of_nothing_and_of_odd_letters_raise_nothing():
    for text in ("", " ", "\n", "\ud800", "\u0130" * 50, "\u1e9e.", "'", "\u00ad", "\x00"):
        for field in FIELDS:
            draft = replace(EXAMPLE, **{field: text})
            assert all(finding.rule in {rule.name for rule in RULES} for finding in check(draft))
