"""Whatever stands in an answer, reading it raises nothing, and the work grows with its length: counted, not timed."""

import json
import random

import pytest

from generation.engine.answers import json_objects
from generation.engine.answers.json_objects import READS_MAX, Effort, levels, roots_in
from generation.engine.parsing import Problems, parse_answer
from legalds.tests.effort import calls_in
from samples.quality.draft import Draft

FIELDS = {"question": "May she sue?", "answer": "She may.", "case_citation": "A v B", "reasoning": "It follows."}
JSON = json.dumps(FIELDS)
UNITS = [
    *("{", "{  ", '{"', '{"a', '{"x":[', '{"question', '{"question":[', '{"a":1}', '{"a"\n\n', "<think>", "</think>"),
    *('{"question": "a "b", ', "}{", "[", "\\", '"', '{"a":[' + "1," * 200, '{\\"', '{\\\\\\"a\\\\\\":', "{//", "{/*"),
    *('{"a":"//"', '"//', '"   ', '{question:"', "{'question':'a',", '{"question":{', '{"question":"{', '{"a":"b","'),
    *(
        "{\u201cquestion\u201d:\u201d",
        '{"question":"x","answer":"',
        '[{"a":[',
        "<|channel|>analysis<|message|>",
        "{ \n",
    ),
    *(
        '{"answer":["',
        '{"answer":{"answer":',
        "{a:1,",
        '{"question": "q"}, ',
        '[[{"question":"x"}]],',
        "{#\n",
        "<plan ",
    ),
    *('{"a":"x\\"', '{"question" ', "{\\n", '{"k":\'', ',{"a":"b" ', '{"a":tru', '`{"a":`', "\\\\n", "&amp;", "\u200b"),
]
CALLS_PER_CHARACTER_MAX = 50
ENDS = ('"}', '"}]}', "")


def filled(unit: str, length: int, end: str) -> str:
    return (unit * (length // len(unit)))[: length - len(end)] + end


def calls(text: str) -> int:
    """How many functions reading the text calls."""
    return calls_in(lambda: parse_answer(text))


@pytest.mark.parametrize("unit", UNITS)
def test_hostile_text_is_refused_in_steps_that_grow_with_its_length(unit):
    for end in ENDS:
        for length in (1_000, 4_000):
            text = filled(unit, length, end)
            assert isinstance(parse_answer(text), Problems)
            assert calls(text) <= CALLS_PER_CHARACTER_MAX * length


@pytest.mark.parametrize("unit", UNITS)
def test_the_characters_read_grow_with_the_length_of_the_text(unit):
    for end in ENDS:
        text = filled(unit, 4_000, end)
        effort = Effort.for_text(text)
        for root in roots_in(text, effort):
            for _ in levels([root.value], effort):
                pass
        assert effort.spent <= (READS_MAX + 6) * len(text)  # the last reading may go over


def test_a_strict_reading_that_fails_looks_no_further_than_its_window():
    text = '{"a" ' * 1_000
    assert list(roots_in(text, Effort.for_text(text))) == []
    effort = Effort(10**9)
    json_objects._strict(text, 0, effort)
    assert effort.spent <= 4 * json_objects.WINDOW_CHARS


def test_hostile_text_inside_a_field_is_read_too():
    for unit in UNITS:
        text = json.dumps({**FIELDS, "answer": filled(unit, 4_000, "")})
        assert isinstance(parse_answer(text), Draft | Problems)


@pytest.mark.parametrize("seed", range(20))
def test_random_text_raises_nothing(seed):
    """Random bytes as text, and good answers with pieces struck out, doubled, moved and replaced."""
    chance = random.Random(seed)
    pieces = [
        *UNITS,
        *ENDS,
        JSON,
        json.dumps(JSON),
        "\ud800",
        "\x00",
        "\\u12",
        "\u2028",
        "```json\n",
        "null",
        "1e999",
        ": ",
    ]
    for _ in range(40):
        noise = chance.randbytes(chance.randrange(200)).decode(
            "latin-1" if chance.random() < 0.5 else "utf-8", "replace"
        )
        text = "".join(chance.choices([*pieces, noise, JSON[: chance.randrange(len(JSON))]], k=chance.randrange(12)))
        for truncated in (True, False):
            assert isinstance(parse_answer(text, truncated), Draft | Problems)


@pytest.mark.parametrize("written", [str, repr, json.dumps])
def test_an_answer_cut_anywhere_is_refused(written):
    """Until nothing but closing marks is missing."""
    text = written(FIELDS) if written is repr else written(JSON)
    last_word = text.index("It follows.") + len("It follows.")
    for end in range(last_word + 1):
        for truncated in (True, False):
            assert isinstance(parse_answer(text[:end], truncated), Problems)
