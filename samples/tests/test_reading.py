from functools import partial

import pytest

from legalds.tests.effort import calls_in
from samples.reading import Section, Shape, blocks, sections, steps, unstressed

NAMES = ("Issue", "Rule", "Application", "Conclusion")


@pytest.mark.parametrize(
    "answer",
    [
        "Issue\nIs it?\n\nRule\nIt may.",
        "Issue: Is it?\nRule: It may.",
        "## Issue\nIs it?\n## Rule\nIt may.",
        "**Issue**\n\nIs it?\n\n**Rule:** It may.",
        "1. Issue\nIs it?\n2. RULE:\nIt may.",
        "**1. Issue:** Is it?\n\n**2. Rule:**\nIt may.",
        "Issue - Is it?\nRule — It may.",
    ],
)
def test_headings_are_found_however_a_model_writes_them(answer):
    assert sections(answer, NAMES) == [Section("Issue", "Is it?"), Section("Rule", "It may.")]


def test_what_stands_before_the_first_heading_is_kept():
    assert sections("In short: yes.\n\nIssue\nIs it?", NAMES)[0] == Section("", "In short: yes.")


def test_a_word_in_a_sentence_is_no_heading():
    answer = "Rule of law matters.\nThe issue is whether it does."
    assert sections(answer, NAMES) == [Section("", answer)]


@pytest.mark.parametrize("names", [(), NAMES])
def test_an_answer_without_headings_stays_in_one_piece(names):
    assert sections("  Yes, it does.  ", names) == [Section("", "Yes, it does.")]


def test_the_longer_of_two_names_wins():
    found = sections("Legal Basis\nA.\nLegal\nB.", ("Legal", "Legal Basis"))
    assert found == [Section("Legal Basis", "A."), Section("Legal", "B.")]


@pytest.mark.parametrize(
    "reasoning",
    [
        "Step 1: find it.\nStep 2: apply it.",
        "1. find it.\n2. apply it.",
        "**Step 1:** find it.\n\n**Step 2:** apply it.",
        "- Step 1 - find it.\n- Step 2 - apply it.",
    ],
)
def test_steps_lose_their_numbers(reasoning):
    assert steps(reasoning) == ["find it.", "apply it."]


@pytest.mark.parametrize("reasoning", ["It is so.", "Step 1: alone.", "First this.\n1. a\n2. b", ""])
def test_what_is_no_list_is_left_as_it_is(reasoning):
    assert steps(reasoning) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\n\nTwo,\nthree.", [(Shape.PARAGRAPH, ("One.",)), (Shape.PARAGRAPH, ("Two,\nthree.",))]),
        ("First:\n- a\n- b", [(Shape.PARAGRAPH, ("First:",)), (Shape.BULLETS, ("a", "b"))]),
        ("* a\n\n* b", [(Shape.BULLETS, ("a", "b"))]),
        ("1. a\n2) b\nand more", [(Shape.NUMBERS, ("a", "b\nand more"))]),
        ("- a\n\nAfter.", [(Shape.BULLETS, ("a",)), (Shape.PARAGRAPH, ("After.",))]),
        ("1990 was dry.\n-5 degrees", [(Shape.PARAGRAPH, ("1990 was dry.\n-5 degrees",))]),
        ("", []),
    ],
)
def test_paragraphs_and_lists_are_told_apart(text, expected):
    assert [(block.shape, block.texts) for block in blocks(text)] == expected


def test_a_list_keeps_its_first_number():
    assert blocks("3. a\n4. b")[0].start == 3


@pytest.mark.parametrize(
    ("text", "plain", "stressed"),
    [
        ("a **b c** d", "a b c d", ["b c"]),
        ("*Donoghue v Stevenson* binds", "Donoghue v Stevenson binds", ["Donoghue v Stevenson"]),
        ("2 * 3 * 4", "2 * 3 * 4", []),
        ("**open", "**open", []),
        ("a * b", "a * b", []),
        ("**one** and **two**", "one and two", ["one", "two"]),
    ],
)
def test_stars_around_words_stress_them(text, plain, stressed):
    found, places = unstressed(text)
    assert found == plain
    assert [found[start:stop] for start, stop in places] == stressed


def test_a_text_full_of_stars_costs_no_more_than_others():
    few, many = (calls_in(partial(unstressed, "*a" * times)) for times in (2_000, 20_000))
    assert many <= 12 * few
