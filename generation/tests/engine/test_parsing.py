"""Parsing: what is taken as an answer, what is mended, what is refused and in which words."""

import json

import pytest

from generation.engine.answers.thinking import speech
from generation.engine.parsing import Problems, parse_answer
from samples.quality.draft import Draft

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
        f"{JSON}\n\nAnother one:\n{OTHER}",
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


@pytest.mark.parametrize("text", [JSON[:-5], HALF, f"```json\n{HALF}\n```", f"<think>{JSON}</think>{HALF}"])
def test_an_answer_that_breaks_off_is_not_mended_but_given_more_room(text):
    assert parse_answer(text) == Problems(("the answer breaks off before its JSON object is complete",), cut_off=True)


@pytest.mark.parametrize("text", [JSON[:-5] + "}", JSON[:-5] + "\nSee {this}"])
def test_a_string_that_never_ends_is_not_mended(text):
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
    assert parse_answer(f"<think>{JSON}</think>") == Problems(("the answer holds nothing but thinking",))


@pytest.mark.parametrize("text", [JSON, f"<think>hm</think>{JSON}", f"{JSON}\n{HALF}", f"```json\n{JSON}"])
def test_a_truncated_answer_with_a_whole_object_is_taken(text):
    assert parse_answer(text, truncated=True) == DRAFT


@pytest.mark.parametrize("text", ["", HALF, JSON[:-1], JSON[:-1] + ",}", f"<think>perhaps {JSON}", "Well, the law"])
def test_any_other_truncated_answer_was_cut_off(text):
    reading = parse_answer(text, truncated=True)
    assert isinstance(reading, Problems)
    assert reading.cut_off
    assert "cut off at the token limit" in reading.sentences[0]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (
            "question",
            "Write a short advice on whether Ann may sue, given the facts of the contract and the notice below.",
        ),
        ("answer", "The answer is provided by section 27 of the Housing Act 1988."),
        ("answer", "None of the parties may sue."),
        ("answer", "No remedy is available."),
        ("answer", "(a) Notice is due; (b) it was given."),
        ("case_citation", "No v Crown (1901)"),
        ("case_citation", "[2019] UKSC 41"),
        ("case_citation", "Not Guilty v Crown"),
        ("question", "What does [sic] mean?"),
        ("answer", "Insert nothing: x < y > z, and R&D stays as it is &c."),
    ],
)
def test_texts_that_only_look_like_placeholders_are_kept(key, text):
    reading = parse_answer(changed(**{key: text}))
    assert isinstance(reading, Draft)
    assert getattr(reading, key) == text


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
        (changed(answer=[]), ("answer must be a string, not a list",)),
        (changed(reasoning={"step": None}), ("reasoning must be a string, not an object",)),
        (changed(answer=True), ("answer must be a string, not a boolean",)),
        (changed(answer="x" * 50_001), ("answer is longer than 50,000 characters",)),
        (changed(answer="<p>So.</p>"), ("answer holds HTML or XML ('</p>')",)),
        (changed(answer="So.<|eot_id|>"), ("answer holds a control token ('<|eot_id|>')",)),
        (changed(answer="<think>a</think>So."), ("answer holds thinking, which belongs before the JSON object",)),
        (changed(answer="It\u00e2\u20ac\u2122s so."), ("answer holds garbled characters ('\u00e2\u20ac')",)),
        (changed(reasoning=FIELDS["answer"]), ("answer only repeats reasoning",)),
        (changed(case_citation="N/A"), ("case_citation is only a placeholder ('N/A')",)),
        (changed(case_citation="..."), ("case_citation is only a placeholder ('...')",)),
        (changed(question="<question>"), ("question is only a placeholder ('<question>')",)),
        (changed(question="string", answer=""), ("question is only a placeholder ('string')", "answer is empty")),
        (
            '{"question": "Why?", "Answers": "So."}',
            ("reasoning is missing", "answer is missing", "case_citation is missing"),
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


def test_thinking_that_never_ends_asks_for_more_room():
    assert parse_answer("<think>Let me see") == Problems(("the answer holds nothing but thinking",), cut_off=True)


def test_thinking_and_speech_are_told_apart():
    text = "a <think>b <THINKING>c</thinking> d</think> e <think>f"
    voice = speech(text)
    assert [text[start:end] for start, end in voice.said] == ["a ", " e "]
    assert text[voice.open_from :] == "f"
