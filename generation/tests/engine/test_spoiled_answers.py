"""Spoiled answers by kind: what is mended says what was meant, word for word; what is not plain is refused."""

import html
import json

import pytest

from generation.engine.parsing import Draft, Problems, parse_answer

FIELDS = {
    "question": "May Ann sue, and why?",
    "answer": 'Issue\nWhether "the lock" was lawful.\nRule\nC\'s law is in the 1977 Act, s 1.',
    "case_citation": "Currie v Misa (1875) LR 10 Ex 153; [2019] UKSC 41",
    "reasoning": "Step 1: define it.\nStep 2: it's applied.",
}
DRAFT = Draft(**FIELDS)
JSON = json.dumps(FIELDS)
PRETTY = json.dumps(FIELDS, indent=2)
OTHER_FIELDS = {**FIELDS, "question": "What else may she do?"}
OTHER = json.dumps(OTHER_FIELDS)
HALF = JSON[: JSON.index("UKSC")]
ANSWER = json.dumps(FIELDS["answer"])


def changed(**fields: object) -> str:
    return json.dumps({**FIELDS, **fields})


def quoted(opening: str, closing: str) -> str:
    escaped = {key: value.replace("\n", "\\n") for key, value in FIELDS.items()}
    pairs = (f"{opening}{key}{closing}: {opening}{value}{closing}" for key, value in escaped.items())
    return f"{{{', '.join(pairs)}}}"


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
