"""Every deformation that is mended, combined at random: the content that was meant comes out, word for word."""

import json
import random
from collections.abc import Callable, Mapping

import pytest

from generation.engine.parsing import parse_answer
from samples.quality.draft import Draft

SAMPLES = (
    {
        "question": "May Ann, a tenant, sue for 'her' lock? Why?",
        "answer": 'Issue\nDid he "unlawfully" evict?\n\nRule\nThe s 1 (a), {b}, [c]; 50% of \u00a39.\n- one\n- two',
        "case_citation": "Currie v Misa (1875) LR 10 Ex 153; [2019] UKSC 41; 42 U.S.C. \u00a7 1983",
        "reasoning": "Step 1: He needs an order: none was had.\nStep 2: So \"damages\" follow, as in O'Brien's case.",
    },
    {
        "question": "Darf B\u00fcrger X klagen?",
        "answer": "Ja: er darf, denn \u201eder Vertrag\u201c ist nichtig. He said \u201cgo\u201d, and went.",
        "case_citation": "BGH, Urteil vom 3. Mai 2011, VI ZR 1/10",
        "reasoning": "Step 1: \u00a7 134 BGB.\nStep 2: // no comment; # neither: \\frac{a}{b}.",
    },
)
Chance = random.Random
Spelling = Callable[[str], str]

KEYS: tuple[Spelling, ...] = (
    str,
    str.upper,
    str.title,
    lambda key: key.title().replace("_", " "),
    lambda key: key.title().replace("_", ""),
    lambda key: key.replace("_", "-"),
    lambda key: key[0] + key.title().replace("_", "")[1:],
)


def json_string(value: str) -> str:
    return json.dumps(value)


def raw_breaks(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\\n", "\n")


def raw_quotes(value: str) -> str:
    return json.dumps(value).replace('\\"', '"')


def curly(value: str) -> str:
    return f"\u201c{json.dumps(value, ensure_ascii=False)[1:-1]}\u201d"


def python(value: str) -> str:
    return repr(value)


STRINGS: tuple[Spelling, ...] = (json_string, raw_breaks, raw_quotes, curly, python)
COMMAS = (", ", ",\n  ", ",", ",\t", ", // and\n", ", /* and */ ", ",\u00a0")
LASTS = ("", ",", ", ", "\n// done\n", ' , "extra": {"a": [1, null]}')
WRAPS: tuple[Spelling, ...] = (
    str,
    str,
    lambda text: f'{{"data": {text}}}',
    lambda text: f'{{"status": "ok", "samples": [{text}]}}',
    lambda text: f"[{text}]",
    json.dumps,
    lambda text: json.dumps({"output": text}),
    lambda text: json.dumps(json.dumps(text)),
)
WRAPPINGS: tuple[Spelling, ...] = (
    str,
    lambda text: f"```json\n{text}\n```",
    lambda text: f"~~~\n{text}\n~~~",
    lambda text: f"Here is {{it}}:\n\n{text}\n\nI hope that it helps.",
    lambda text: f"\ufeff{text}\r\n",
    lambda text: f"<answer>\n{text}\n</answer>",
)
DRAFT = json.dumps({"question": "A draft?", "answer": "A draft.", "case_citation": "D v D", "reasoning": "Drafted."})
THOUGHTS: tuple[Spelling, ...] = (
    str,
    lambda text: f"<think>\nPerhaps {DRAFT}\n</think>\n{text}",
    lambda text: f"<Thinking>{DRAFT} <think>or</think> not</Thinking>{text}",
    lambda text: f"[THINK]{DRAFT[:60]}[/THINK]{text}",
    lambda text: f"{DRAFT} better:</think>{text}",
    lambda text: f"<|channel|>analysis<|message|>{DRAFT}<|end|><|start|>assistant<|channel|>final<|message|>{text}",
)
UNSEEN = ("\x07", "\x00", "\u200b", "\u202e", "\u2066", "\ufeff", "\u2060")


def deformed(fields: Mapping[str, str], chance: Chance) -> str:
    key, string, quote = chance.choice(KEYS), chance.choice(STRINGS), chance.choice(('"', '"', "'", "\u201d"))
    pairs = [
        f"{quote}{key(name)}{quote}{chance.choice((': ', ':', ' : '))}{string(text)}" for name, text in fields.items()
    ]
    body = "".join(pair + chance.choice(COMMAS) for pair in pairs[:-1]) + pairs[-1]
    text = chance.choice(WRAPS)(f"{{{chance.choice(('', ' ', chr(10)))}{body}{chance.choice(LASTS)}}}")
    text = chance.choice(THOUGHTS)(chance.choice(WRAPPINGS)(text))
    for _ in range(chance.randrange(3)):
        place = chance.randrange(len(text))
        text = text[:place] + chance.choice(UNSEEN) + text[place:]
    return text


@pytest.mark.parametrize("seed", range(50))
def test_the_content_meant_comes_out_of_all_deformations_together(seed):
    chance = random.Random(seed)
    for _ in range(20):
        fields = chance.choice(SAMPLES)
        text = deformed(fields, chance)
        assert parse_answer(text) == Draft(**fields), text


@pytest.mark.parametrize("seed", range(10))
def test_what_is_well_formed_is_never_read_otherwise(seed):
    """Texts full of what looks like the end of a string, of an object or of thinking, in JSON that needs no mending."""
    chance = random.Random(seed)
    pieces = (
        '"',
        "'",
        '", "answer": "',
        '"}',
        "}",
        "{",
        "{'question': '",
        "a word",
        "\n",
        "```",
        ",",
        "// x",
        ":",
        "\u201d, ",
    )
    for _ in range(50):
        fields = {
            key: f"{key} is {''.join(chance.choices(pieces, k=chance.randrange(1, 9)))} said."
            for key in ("question", "answer", "case_citation", "reasoning")
        }
        assert parse_answer(json.dumps(fields)) == Draft(**fields)
