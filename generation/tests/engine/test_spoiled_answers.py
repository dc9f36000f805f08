"""Spoiled answers by kind that are mended: each says what was meant, word for word."""

import html
import json

import pytest

from generation.engine.parsing import parse_answer
from generation.tests.engine.spoiling import DRAFT, FIELDS, HALF, JSON, OTHER, PRETTY, changed, quoted
from samples.quality.draft import Draft


def joined(comma: str, colon: str = ": ") -> str:
    return f"{{{comma.join(json.dumps(key) + colon + json.dumps(value) for key, value in FIELDS.items())}}}"


WRAPPED = {
    "object": json.dumps({"data": FIELDS}),
    "string": json.dumps({"sample": JSON}),
    "string beside others": json.dumps({"status": "ok", "result": JSON}),
    "tool call": json.dumps([{"type": "function", "function": {"name": "legal_sample", "arguments": JSON}}]),
    "completion body": json.dumps({"choices": [{"message": {"content": f"```json\n{PRETTY}\n```"}}]}),
    "encoded in a fence": f"```json\n{json.dumps(JSON)}\n```",
    "encoded in prose": f"Here it is: {json.dumps(JSON)} Done.",
    "encoded, its quotes lost": json.dumps(JSON)[1:-1],
    "encoded three times": json.dumps(json.dumps(JSON)),
    "encoded in a list": json.dumps([JSON]),
    "string in a string": json.dumps({"output": json.dumps({"data": JSON})}),
    "HTML entities": html.escape(JSON),
    "entities for curly quotes": quoted("&ldquo;", "&rdquo;"),
    "entities for quotes only": JSON.replace('"', "&quot;"),
    "tool tags": f"<tool_call>\n{json.dumps({'name': 'x', 'arguments': FIELDS})}\n</tool_call>",
    "beside its thinking": json.dumps({"thinking": f"Perhaps {OTHER}", "output": FIELDS}),
    "fence in a fence": f"```markdown\n```json\n{PRETTY}\n```\n```",
    "four backticks": f"````json\n{PRETTY}\n````",
    "after formulas": f"With \\frac{{a}}{{b}} and {{x: 1}}: {JSON}",
}
QUOTES = {
    "curly": quoted("\u201c", "\u201d"),
    "curly, one side only": quoted("\u201d", "\u201d"),
    "low": quoted("\u201e", "\u201c"),
    "low and right": quoted("\u201e", "\u201d"),
    "guillemets": quoted("\u00ab", "\u00bb"),
    "guillemets turned": quoted("\u00bb", "\u00ab"),
    "single curly": quoted("\u2018", "\u2019"),
    "corner brackets": quoted("\u300c", "\u300d"),
    "backticks": quoted("`", "`"),
    "straight, closed by curly": JSON.replace('why?"', "why?\u201d"),
    "not escaped": JSON.replace('\\"', '"'),
    "not escaped, line breaks neither": JSON.replace('\\"', '"').replace("\\n", "\n"),
    "triple": "{" + ", ".join(f'"{key}": """{value}"""' for key, value in FIELDS.items()) + "}",
}
SYNTAX = {
    "python": repr(FIELDS),
    "python, nested, with literals": repr({"sample": FIELDS, "checked": True, "meta": None}),
    "python in a fence": f"```python\nsample = {FIELDS!r}\n```",
    "keys without quotes": f"{{{', '.join(f'{key}: {json.dumps(value)}' for key, value in FIELDS.items())},}}",
    "comments": joined(", /* next */\n").replace("{", "{ // a sample\n", 1)[:-1] + "# done\n}",
    "no commas": joined("\n"),
    "wide commas and colons": joined("\uff0c", "\uff1a"),
    "arrows": joined(", ", " => "),
    "trailing comma, words after": f"{JSON[:-1]},}} I hope that it helps.",
    "no opening brace": JSON[1:],
    "no opening brace in a fence": f"```json\n{JSON[1:]}\n```",
    "no last brace": JSON[:-1],
    "no last braces": f'{{"data": {JSON[:-1]}',
    "an escape that JSON lacks": JSON.replace("C's", "C\\'s"),
    "hard spaces": PRETTY.replace("  ", "\u00a0\u00a0"),
    "a number of 6,000 digits": f'{JSON[:-1]}, "n": {"9" * 6000}}}',
    "something nested deep": f'{JSON[:-1]}, "n": {"[" * 300 + "]" * 300}}}',
    "the same key twice": f'{{"answer": "a first draft", {JSON[1:]}',
}
SPELLING = {
    "titles": json.dumps({key.title().replace("_", " "): value for key, value in FIELDS.items()}),
    "capitals": json.dumps({key.upper(): value for key, value in FIELDS.items()}),
    "hyphens": json.dumps({key.replace("_", "-"): value for key, value in FIELDS.items()}),
    "PascalCase": json.dumps({key.title().replace("_", ""): value for key, value in FIELDS.items()}),
    "spaces around": json.dumps({f" {key} ": value for key, value in FIELDS.items()}),
    "stars around": json.dumps({f"**{key}**": value for key, value in FIELDS.items()}),
}
CHARACTERS = {
    "byte order mark": f"\ufeff{JSON}",
    "controls": JSON.replace("May Ann", "M\x07ay\x1b A\x00nn"),
    "zero-width in a key": JSON.replace('"answer"', '\u200b"ans\u200bwer"'),
    "escaped bidi and zero-width": JSON.replace("May Ann", "May\\u200b\\u202e A\\u2066nn"),
    "joiners between Latin letters": JSON.replace("May Ann", "M\u200day A\u200cnn"),
    "tag characters": JSON.replace("May", "May\U000e0041\U000e0042"),
    "soft hyphens": JSON.replace("lawful", "law\u00adful"),
    "escaped twice": changed(**{key: value.replace("\n", "\\n") for key, value in FIELDS.items()}),
    "carriage returns": changed(answer=FIELDS["answer"].replace("\n", "\r\n")),
    "entities in a field": changed(answer=FIELDS["answer"].replace('"', "&quot;")),
}
THINKING = {
    "capitals": f"<THINK>hm</THINK>{JSON}",
    "prefix": f"<seed:think>{OTHER}</seed:think>{JSON}",
    "attributes": f'<thinking budget="3">{OTHER}</thinking>{JSON}',
    "triangles": f"\u25c1think\u25b7{OTHER}\u25c1/think\u25b7{JSON}",
    "tokens": f"<|START_THINKING|>{OTHER}<|END_THINKING|><|START_RESPONSE|>{JSON}<|END_RESPONSE|>",
    "thought and solution": f"<|begin_of_thought|>{OTHER}<|end_of_thought|><|begin_of_solution|>{JSON}",
    "channel, never ended": f"<|channel|>analysis<|message|>{OTHER}<|start|>assistant<|channel|>final<|message|>{JSON}",
    "channel, constrained": f"<|channel|>analysis<|message|>{OTHER}<|end|><|channel|>final <|constrain|>json{JSON}",
    "channel, tokens lost": f"analysisNeed JSON {OTHER}assistantfinal{JSON}",
    "reflection": f"<reflection>{OTHER}</reflection>\n<answer>{JSON}</answer>",
    "a fence of its own": f"```thinking\n{OTHER}\n```\n```json\n{PRETTY}\n```",
    "answer tags": f"I could write {OTHER} but no.\n<answer>\n{JSON}\n</answer>",
    "scratchpad": f"<scratchpad>{OTHER}</scratchpad>\n{JSON}",
    "ended twice": f"<think>a</think> and {OTHER} </think>{JSON}",
    "ended again after the answer": f"<think>{OTHER}</think>{JSON}</think>",
    "never ended, fence": f"<thinking>\nI plan.\n```json\n{PRETTY}\n```",
}
SEVERAL = {
    "another after": f"{JSON}\n\nAnother example:\n{OTHER}",
    "another line": f"{JSON}\n{OTHER}",
    "a correction": f"{OTHER}\nWait. Corrected version:\n{JSON}",
    "the same again": f"{JSON}\n{JSON}",
    "a list of the same": f"[{JSON}, {JSON}]",
    "a half one first": f"{HALF}\n\nLet me start over.\n{JSON}",
    "one with a placeholder first": f"{changed(answer='...')}\n{JSON}",
    "a cut one after": f"{JSON}\n{HALF}",
}


@pytest.mark.parametrize("text", WRAPPED.values(), ids=WRAPPED)
def test_a_sample_is_found_in_its_wrapping(text):
    assert parse_answer(text) == DRAFT


@pytest.mark.parametrize("text", QUOTES.values(), ids=QUOTES)
def test_quotes_of_any_kind_are_read(text):
    assert parse_answer(text) == DRAFT


@pytest.mark.parametrize("text", SYNTAX.values(), ids=SYNTAX)
def test_what_is_nearly_json_is_read(text):
    assert parse_answer(text) == DRAFT


@pytest.mark.parametrize("text", SPELLING.values(), ids=SPELLING)
def test_keys_are_known_however_they_are_spelt(text):
    assert parse_answer(text) == DRAFT


@pytest.mark.parametrize("text", CHARACTERS.values(), ids=CHARACTERS)
def test_characters_that_do_not_show_are_removed_and_escapes_undone(text):
    assert parse_answer(text) == DRAFT


@pytest.mark.parametrize("text", THINKING.values(), ids=THINKING)
def test_a_draft_in_thinking_is_not_the_answer(text):
    assert parse_answer(text) == DRAFT


@pytest.mark.parametrize("text", SEVERAL.values(), ids=SEVERAL)
def test_of_several_objects_the_first_complete_one_is_meant(text):
    assert parse_answer(text) == DRAFT


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("reasoning", ["Step 1: ask", "Step 2: tell"], "Step 1: ask\nStep 2: tell"),
        ("reasoning", '["Step 1: ask", "Step 2: tell"]', "Step 1: ask\nStep 2: tell"),
        ("reasoning", [{"step": 1, "text": "ask"}, {"step": "2", "description": "tell"}], "Step 1: ask\nStep 2: tell"),
        ("reasoning", {"step_1": "ask", "step_2": "tell"}, "Step 1: ask\nStep 2: tell"),
        ("reasoning", [{"Step 1": "ask"}, {"Step 2": "tell"}], "Step 1: ask\nStep 2: tell"),
        ("reasoning", {"Step 1": {"rule": "ask", "application": "tell"}}, "Step 1:\nRule: ask\nApplication: tell"),
        ("reasoning", [["ask", "tell"], ["go"]], "ask\ntell\ngo"),
        ("reasoning", {"text": "ask and tell"}, "ask and tell"),
        ("answer", {"Issue": "whether", "Rule": ["one is", "two is"]}, "Issue: whether\nRule:\none is\ntwo is"),
        ("answer", [{"heading": "Issue", "text": "whether"}], "Issue\nwhether"),
        ("answer", '{"Issue": "whether", "Rule": "s 1"}', "Issue: whether\nRule: s 1"),
        ("answer", ["Issue", None, "whether", True], "Issue\nwhether"),
        ("question", {"question": "May she sue?"}, "May she sue?"),
        ("case_citation", [{"case": "A v B", "year": 1875}, "C v D"], "A v B, year 1875\nC v D"),
        ("case_citation", {"A v B": "(1875) LR", "Act 1988": "s 27"}, "A v B (1875) LR\nAct 1988 s 27"),
        ("case_citation", {"cases": ["A v B", "C v D"], "statutes": ["X Act"]}, "A v B\nC v D\nX Act"),
    ],
)
def test_lists_and_objects_become_the_text_that_they_mean(key, value, text):
    reading = parse_answer(changed(**{key: value}))
    assert isinstance(reading, Draft)
    assert getattr(reading, key) == text


@pytest.mark.parametrize(
    "kept", ["C:\\new\\table", "\\frac{a}{b}", "\u0915\u094d\u200d\u0937", "\U0001f468\u200d\u2696\ufe0f a judge"]
)
def test_what_has_a_meaning_is_kept(kept):
    reading = parse_answer(changed(answer=f"He wrote {kept}"))
    assert isinstance(reading, Draft)
    assert reading.answer == f"He wrote {kept}"
