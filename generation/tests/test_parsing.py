"""Parsing: what is taken as an answer, what is mended, what is refused and in which words."""

import json
import time

import pytest

from generation.engine.answer_text import voices
from generation.engine.parsing import Draft, Problems, parse_answer

FIELDS = {
    "question": "What is consideration?",
    "answer": 'Something of value: "a price" {or a promise} in C:\\law.',
    "case_citation": "Currie v Misa (1875) LR 10 Ex 153",
    "reasoning": "Step 1: define it.\nStep 2: apply it.",
}
DRAFT = Draft(**FIELDS)
JSON = json.dumps(FIELDS)
PRETTY = json.dumps(FIELDS, indent=2)
HALF = JSON[: JSON.index("Misa")]
OTHER = json.dumps({**FIELDS, "question": "What is an offer?"})
SCHEMA_ECHO = json.dumps({"type": "object", "properties": {key: {"type": "string"} for key in FIELDS}})


def changed(**fields: object) -> str:
    return json.dumps({**FIELDS, **fields})


def problems(text: str, *, truncated: bool = False) -> tuple[str, ...]:
    reading = parse_answer(text, truncated)
    assert isinstance(reading, Problems)
    return reading.sentences


@pytest.mark.parametrize(
    "text",
    [
        JSON,
        PRETTY,
        f"\ufeff{JSON}",
        f"```json\n{PRETTY}\n```",
        f"```\n{JSON}```",
        f"~~~json\n{JSON}\n~~~",
        f"```json\n{JSON}",
        f"Here is your example:\n\n{JSON}\n\nI hope that it helps {{with}} your work!",
        f"In set notation {{x}} and an open {{ brace. {JSON}",
        f"<think>I plan {{a}} question</think>{JSON}",
        f"<THINKING>\nHm.\n</Thinking>\n```json\n{JSON}\n```",
        f"<think>a<think>b</think>{OTHER}</think>{JSON}",
        f"{OTHER} no, better:</think>{JSON}",
        f"<think>never closed. {JSON}",
        f"<think>is it <think>? {OTHER}</think> {JSON}",
        f"[{JSON}]",
        json.dumps({"sample": FIELDS}),
        json.dumps({"status": "ok", "data": {"samples": [FIELDS]}}),
        f"{SCHEMA_ECHO}\n{JSON}",
        f"{JSON}\n{SCHEMA_ECHO}",
        f"{OTHER}\n\nOn reflection:\n{JSON}",
        f'{{"question": "What is an offer?"}} {JSON} {{"answer": "short"}}',
        changed(topic="Contracts", reviewed=True),
        JSON.replace("\\n", "\n"),
    ],
)
def test_an_answer_is_found_whatever_stands_around_it(text):
    assert parse_answer(text) == DRAFT


@pytest.mark.parametrize(
    "text",
    [
        JSON[:-1] + ",}",
        JSON[:-1] + "\n",
        f"```json\n{JSON[:-1]}\n```",
        f"```json\n{JSON[:-1]},\n}}\n```",
        f'{{"sample": {JSON[:-1]},}}}}',
        JSON.replace('", "answer"', '" "answer"'),
        JSON.replace('"question":', "question:"),
        f"<think>hm</think>{JSON[:-1]},}}",
        JSON[:-1] + ', "topic": "Contracts",}',
    ],
)
def test_broken_json_is_mended_where_nothing_is_lost(text):
    assert parse_answer(text) == DRAFT


def test_quotes_inside_a_string_are_mended():
    text = JSON.replace("What is consideration?", 'What is "consideration", in law?')
    reading = parse_answer(text)
    assert isinstance(reading, Draft)
    assert reading.question == 'What is "consideration", in law?'


@pytest.mark.parametrize(
    "text", [JSON[:-5], JSON[:-5] + "}", HALF, f"```json\n{HALF}\n```", JSON[:-5] + "\nSee {this}"]
)
def test_an_answer_that_breaks_off_is_not_mended(text):
    assert "malformed" in problems(text)[0]


@pytest.mark.parametrize("fragment", ['of va"lue: a', 'of value" a b, ', 'of " value {'])
def test_a_repair_that_would_lose_words_is_not_made(fragment):
    reading = parse_answer(JSON.replace("of value: ", fragment))
    assert isinstance(reading, Problems) or all(word in reading.answer for word in ("Something", "price", "promise"))


def test_tags_inside_a_string_are_not_thinking():
    reading = parse_answer(changed(question="What does <think> mean?"))
    assert isinstance(reading, Draft)
    assert reading.question == "What does <think> mean?"


def test_a_draft_in_closed_thinking_is_no_answer():
    assert problems(f"<think>{JSON}</think>") == ("the answer holds nothing but thinking",)
    assert "malformed" in problems(f"<think>{JSON}</think>{HALF}")[0]


@pytest.mark.parametrize("text", [JSON, f"<think>hm</think>{JSON}", f"{JSON}\n{HALF}", f"```json\n{JSON}"])
def test_a_truncated_answer_with_a_whole_object_is_taken(text):
    assert parse_answer(text, truncated=True) == DRAFT


@pytest.mark.parametrize("text", ["", HALF, JSON[:-1], JSON[:-1] + ",}", f"<think>perhaps {JSON}", "Well, the law"])
def test_any_other_truncated_answer_was_cut_off(text):
    reading = parse_answer(text, truncated=True)
    assert isinstance(reading, Problems)
    assert reading.cut_off
    assert "cut off at the token limit" in reading.sentences[0]


def test_lists_of_strings_are_joined_where_a_list_makes_sense():
    reading = parse_answer(changed(reasoning=["Step 1", " ", "Step 2"], case_citation=["A v B", "C v D"]))
    assert isinstance(reading, Draft)
    assert reading.reasoning == "Step 1\nStep 2"
    assert reading.case_citation == "A v B\nC v D"


def test_values_are_fit_to_be_stored():
    reading = parse_answer(JSON.replace("What is", " \\u0000What\\ud800 \\ud83d\\ude00 is\0"))
    assert isinstance(reading, Draft)
    assert reading.question == "What \N{GRINNING FACE} is consideration?"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (changed(answer=""), ("answer is empty",)),
        (changed(answer=" \n\0"), ("answer is empty",)),
        (changed(answer=None), ("answer must be a string, not null",)),
        (changed(answer=7), ("answer must be a string, not a number",)),
        (changed(answer=["a"]), ("answer must be a string, not a list",)),
        (changed(reasoning={"1": "a"}), ("reasoning must be a string, not an object",)),
        (changed(reasoning=[{"step": 1}]), ("reasoning must be a string, not a list",)),
        (changed(case_citation="N/A"), ("case_citation is only a placeholder ('N/A')",)),
        (changed(case_citation="..."), ("case_citation is only a placeholder ('...')",)),
        (changed(question="<question>"), ("question is only a placeholder ('<question>')",)),
        (changed(question="string", answer=""), ("question is only a placeholder ('string')", "answer is empty")),
        (
            '{"question": "Why?", "Answer": "So."}',
            ("answer is missing", "case_citation is missing", "reasoning is missing"),
        ),
    ],
)
def test_a_wrong_field_is_named(text, expected):
    assert problems(text) == expected


@pytest.mark.parametrize("text", [SCHEMA_ECHO, "{}", "[]", "null", "I cannot help with that.", '{"q": "Why?"}', '"{}"'])
def test_text_without_such_an_object_says_so(text):
    assert problems(text)[0].startswith("there is no JSON object with question")


@pytest.mark.parametrize(
    ("text", "words"), [("", "is empty"), (" \n", "is empty"), ("<think>Let me see", "nothing but thinking")]
)
def test_an_answer_of_nothing_says_so(text, words):
    assert words in problems(text)[0]


def test_thinking_and_speech_are_told_apart():
    text = "a <think>b <THINKING>c</thinking> d</think> e <think>f"
    assert (voices(text).said, voices(text).muttered) == ("a  e", "f")


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "{",
            "{  ",
            '{"',
            '{"a',
            '{"x":[',
            '{"question',
            '{"question":[',
            '{"a":1}',
            '{"a"\n\n',
            '{"question": "a "b", ',
        ),
        *("<think>", "</think>", "}{", "[", "\\", '"', '{"a":[' + "1," * 200),
    ],
)
@pytest.mark.parametrize("size", [50_000, 1_000_000])
def test_hostile_text_is_read_in_bounded_time(unit, size):
    text = (unit * (size // len(unit)))[: size - 2] + '"}'
    started = time.process_time()
    assert isinstance(parse_answer(text), Problems)
    assert time.process_time() - started < 3
