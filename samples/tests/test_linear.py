"""Texts that a model wrote cost no more than their length: their patterns repeat nothing without bound."""

import re
import sys
from collections.abc import Iterator
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from samples import citations, reading
from samples.citations import Span, spans, stress
from samples.quality import text
from samples.quality.checking import RULES

REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT)
RULE_MODULES = {sys.modules[rule.find.__module__] for rule in RULES}
MODULES = sorted({reading, citations, text} | RULE_MODULES, key=lambda module: module.__name__)
PATTERNS = {
    **{f"{module.__name__}.{name}": value for module in MODULES for name, value in vars(module).items()},
    **{
        f"{module.__name__}.{group}.{number}": phrase.pattern
        for module in MODULES
        for group, phrases in getattr(module, "_PHRASES", {}).items()
        for number, phrase in enumerate(phrases)
    },
    "heading": reading.heading(("Issue", "Rule")),
}


def repeats(parsed: Any) -> Iterator[int]:
    """How often each repeated part of a pattern may be repeated."""
    for op, argument in parsed:
        if op in REPEATS:
            yield int(argument[1])
        parts = argument if isinstance(argument, list | tuple) else (argument,)
        inner = [each for part in parts if isinstance(part, list) for each in part]
        for part in (*parts, *inner):
            if isinstance(part, parser.SubPattern):
                yield from repeats(part)


@pytest.mark.parametrize("name", [name for name, value in PATTERNS.items() if isinstance(value, re.Pattern)])
def test_no_pattern_repeats_without_bound(name):
    pattern = PATTERNS[name]
    assert max(repeats(parser.parse(pattern.pattern, pattern.flags)), default=0) <= 300


def nested(parsed: Any, times: int = 1) -> Iterator[int]:
    """How often the parts of a pattern may be repeated by the repeats that hold them."""
    yield times
    for op, argument in parsed:
        factor = max(int(argument[1]), 1) if op in REPEATS else 1
        parts = argument if isinstance(argument, list | tuple) else (argument,)
        inner = [each for part in parts if isinstance(part, list) for each in part]
        for part in (*parts, *inner):
            if isinstance(part, parser.SubPattern):
                yield from nested(part, times * factor)


@pytest.mark.parametrize("name", [name for name, value in PATTERNS.items() if isinstance(value, re.Pattern)])
def test_repeats_within_repeats_stay_few(name):
    pattern = PATTERNS[name]
    assert max(nested(parser.parse(pattern.pattern, pattern.flags))) <= 500


def test_a_pattern_without_bound_would_be_found():
    assert max(repeats(parser.parse(r"(?:a|(?P<x>b(?:c\s*)?))"))) >= 2**31


class Counted(int):
    """A place in a text that counts how often places are compared."""

    compared = 0

    def __lt__(self, other: int) -> bool:
        Counted.compared += 1
        return int(self) < int(other)

    def __gt__(self, other: int) -> bool:
        Counted.compared += 1
        return int(self) > int(other)


def comparisons(count: int) -> int:
    Counted.compared = 0
    places = [(Counted(10 * n), Counted(10 * n + 5)) for n in range(count)]
    stress([Span("x" * 10) for _ in range(count)], places)
    return Counted.compared


def test_twice_as_many_stressed_words_take_hardly_more_than_twice_as_long():
    assert comparisons(2_000) < 3 * comparisons(1_000)


def test_of_very_many_authorities_the_first_are_looked_for():
    names = [f"Case number {'x' * n}" for n in range(1, 200)]
    assert [span for span in spans(f"See {names[0]}.", ";".join(names)) if span.is_citation]
    assert len(citations._names(";".join(names))) <= 2 * citations.NAMES_MAX


def test_lists_and_paragraphs_of_many_lines_stay_whole():
    assert reading.blocks("\n" * 6_000) == []
    assert len(reading.blocks("- x\n" * 6_000)[0].texts) == 6_000
    assert reading.sections("\n" * 6_000 + "Issue: a", ("Issue",))[0].text == "a"
