"""What the sandbox answers: samples that are whole and repeatable, in every dress."""

import json
import re

import pytest

from providers.sandbox.answers import answer_text, completion_body
from providers.sandbox.behaviours import Behaviour, parse
from providers.sandbox.samples import sample as synthetic


def test_samples_are_whole_synthetic_and_repeatable():
    first = synthetic("prompt one")
    assert set(first) == {"question", "answer", "case_citation", "reasoning"}
    assert all(first.values())
    assert "synthetic" in first["answer"]
    assert 2000 < len(json.dumps(first)) < 4600
    assert first == synthetic("prompt one")


def test_two_prompts_give_clearly_different_samples():
    words = [set(zip(*[iter_words(f"prompt {n}")[k:] for k in range(3)], strict=False)) for n in range(20)]
    overlaps = [len(a & b) / len(a | b) for a in words for b in words if a is not b]
    assert max(overlaps) < 0.5


def iter_words(prompt: str) -> list[str]:
    return re.findall(r"\w+", synthetic(prompt)["answer"])


@pytest.mark.parametrize(
    ("word", "pattern"),
    [
        ("fenced", r"```json\n\{.*\}\n```"),
        ("thinking", r"<think>.*</think>\s*\{.*\}"),
        ("unclosed-thinking", r"<think>(?!.*</think>).*\{.*\}"),
        ("prose", r"Certainly!.*\{.*\}.*"),
        ("truncated", r"\{.*[^}]"),
        ("malformed", r"[^{}]*"),
        ("wrong-schema", r'\{"title".*\}'),
        ("empty", ""),
    ],
)
def test_each_dress_looks_as_named(word, pattern):
    assert re.fullmatch(pattern, answer_text(word, "p"), re.DOTALL)


def test_only_a_truncated_answer_ends_by_length():
    bodies = {word: completion_body(Behaviour(word), "m", "p") for word in ("good", "truncated")}
    reasons = {word: body["choices"][0]["finish_reason"] for word, body in bodies.items()}
    assert reasons == {"good": "stop", "truncated": "length"}


def test_varied_answers_differ_in_length_and_stay_the_same_for_a_prompt():
    lengths = [len(answer_text("varied", f"prompt {n}")) for n in range(100)]
    assert min(lengths) < 2000
    assert max(lengths) > 6000
    assert lengths == [len(answer_text("varied", f"prompt {n}")) for n in range(100)]


@pytest.mark.parametrize("chars", [2000, 3000, 9000])
def test_a_sized_answer_is_about_as_long_as_its_name_says(chars):
    plan = parse(f"label--sized-{chars}")
    assert plan
    body = completion_body(plan.at(0, 0.0), "m", "p")
    assert len(body["choices"][0]["message"]["content"]) == pytest.approx(chars, rel=0.2)
