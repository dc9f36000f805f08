"""Answers that are refused: two samples where one is asked for, what breaks off, what is no sample by its form."""

import json

import pytest

from generation.engine.parsing import Problems, parse_answer
from generation.tests.engine.spoiling import FIELDS, HALF, JSON, OTHER, OTHER_FIELDS, changed, quoted

ANSWER = json.dumps(FIELDS["answer"])
WHICH_ONE = {
    "list": f"[{JSON}, {OTHER}]",
    "wrapped list": json.dumps({"samples": [FIELDS, OTHER_FIELDS]}),
    "several keys": json.dumps({"sample_1": FIELDS, "sample_2": OTHER_FIELDS}),
    "python": repr([FIELDS, OTHER_FIELDS]),
    "strings": json.dumps([JSON, OTHER]),
    "wrapped elements": json.dumps([{"sample": FIELDS}, {"sample": OTHER_FIELDS}]),
}
CUT = {
    "in a string": HALF,
    "in a fence": f"```json\n{HALF}\n```",
    "wrapped": f'{{"data": {HALF}',
    "curly quotes": quoted("\u201c", "\u201d")[:150],
    "python": repr(FIELDS)[:200],
    "encoded": json.dumps(JSON)[:250],
    "after a comma": f"{JSON[:-1]},",
    "in a key": f'{JSON[:-1]}, "no',
    "after a colon": f'{JSON[:-1]}, "note":',
    "in a literal": f'{JSON[:-1]}, "checked": tr',
    "at a quote inside a string": JSON[: JSON.index("it's")] + 'the "lock"',
    "after a draft in thinking": f"<think>{JSON}</think>{HALF}",
    "after a draft in tokens": f"[THINK]{JSON}[/THINK]{HALF}",
    "after a draft whose opening is lost": f"{JSON} hm</think>{HALF}",
    "in thinking": f"<think>a draft: {JSON} Wait, this is",
    "in thinking of a template": f"[THINK]Plan. {JSON}",
    "in a channel": f"<|channel|>analysis<|message|>Plan. {JSON}",
    "in triangles": f"\u25c1think\u25b7{JSON}",
}
REFUSED = {
    "nothing after thinking": f"Plan {JSON}</think>",
    "boolean": changed(answer=True),
    "number": changed(answer=5),
    "digits": changed(answer="12345"),
    "null as a word": changed(answer="null"),
    "NaN": JSON.replace(ANSWER, "NaN"),
    "-Infinity": JSON.replace(ANSWER, "-Infinity"),
    "undefined": JSON.replace(ANSWER, "undefined"),
    "TODO without quotes": JSON.replace(ANSWER, "TODO"),
    "TODO": changed(answer="TODO: write the answer"),
    "T.B.D.": changed(answer="T.B.D."),
    "no authorities": changed(case_citation="There are no authorities on this point."),
    "none found": changed(case_citation="No relevant case law was found"),
    "not applicable": changed(case_citation="Not applicable."),
    "angle brackets": changed(answer="<insert answer here>"),
    "square brackets": changed(question="[Your question]"),
    "braces": changed(answer="{{answer}}"),
    "parentheses": changed(answer="(to be completed)"),
    "stars": changed(answer="**[Insert the answer]**"),
    "your answer here": changed(answer="Your answer here"),
    "goes here": changed(answer="The detailed answer goes here."),
    "sample answer": changed(answer="Sample answer."),
    "no answer provided": changed(answer="No answer provided"),
    "citation needed": changed(case_citation="[citation needed]"),
    "object Object": changed(reasoning="[object Object]"),
    "a number in letters' clothes": changed(answer="1e5"),
    "ellipsis": changed(answer="\u2026"),
    "one letter": changed(question="Q"),
    "lorem ipsum": changed(reasoning="Step 1: Lorem Ipsum dolor sit amet."),
    "empty list": changed(answer=[]),
    "list of numbers": changed(answer=[1, 2, 3]),
    "a schema": changed(answer={"type": "string", "description": "The answer"}),
    "nested 50 deep": changed(answer=json.loads("[" * 50 + '"a b c"' + "]" * 50)),
    "nested 900 deep": f'{{"question": {"[" * 900}{"]" * 900}}}',
    "nested 40,000 deep": f'{{"question": {"[" * 40_000}{"]" * 40_000}}}',
    "HTML": changed(answer="<p>He may sue.</p>"),
    "XML": "<sample><question>Why so?</question><answer>Because of it.</answer></sample>",
    "YAML": "question: Why?\nanswer: So.\ncase_citation: A v B\nreasoning: It follows.",
    "Markdown": "**Question:** Why?\n**Answer:** So.\n**Case citation:** A v B\n**Reasoning:** It follows.",
    "error page": "<!DOCTYPE html><html><body>502 Bad Gateway</body></html>",
    "token": changed(answer="He may sue.<|im_end|>"),
    "thinking in a field": changed(answer="[THINK]hm[/THINK]He may sue."),
    "garbled": changed(answer="He can\u00e2\u20ac\u2122t sue."),
    "garbled letters": changed(answer="The caf\u00c3\u00a9 may sue."),
    "lost characters": changed(answer="He can\ufffdt sue."),
    "the same text twice": changed(reasoning=FIELDS["answer"]),
    "a typo in a key": JSON.replace("reasoning", "resoning"),
    "fields over several objects": '{"question": "Why so?"}\n{"answer": "Because of it."}',
    "a long field": changed(answer="He may sue. " * 6_000),
    "a very long answer": changed(answer="He may sue. " * 60_000),
}


@pytest.mark.parametrize("text", WHICH_ONE.values(), ids=WHICH_ONE)
def test_different_samples_in_a_list_are_refused(text):
    assert parse_answer(text) == Problems(("the answer holds 2 different samples, and one is asked for",))


@pytest.mark.parametrize("text", CUT.values(), ids=CUT)
def test_what_breaks_off_is_never_completed_and_gets_more_room(text):
    reading = parse_answer(text)
    assert isinstance(reading, Problems)
    assert reading.cut_off


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_is_no_sample_by_its_form_is_refused(text):
    reading = parse_answer(text)
    assert isinstance(reading, Problems)
    assert not reading.cut_off
