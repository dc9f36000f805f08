"""The wording of prompts: what must stand in its texts, and how two versions differ."""

from dataclasses import replace

import pytest

from generation.engine.prompts import build_request, reask
from generation.engine.wording.differences import Side, differences
from generation.engine.wording.rules import CHARS_MAX, LINES_MAX, placeholders, text_problems, unknown_names
from generation.engine.wording.texts import PromptTexts, UnknownNameError, built_in
from generation.tests.engine.specs import SPEC
from samples.taxonomy import taxonomy

BUILT_IN = built_in()


def changed(name, old, new):
    """The built-in texts with one thing changed in one of them."""
    text = getattr(BUILT_IN, name)
    assert old in text
    return replace(BUILT_IN, **{name: text.replace(old, new, 1)})


def first_problem(texts, name):
    problems = text_problems(texts)
    assert list(problems) == [name]
    return problems[name][0]


def test_nothing_is_wrong_with_the_built_in_texts():
    assert text_problems(BUILT_IN) == {}
    assert list(unknown_names(BUILT_IN)) == []


def test_a_name_that_is_not_known_is_told_with_its_line_and_the_one_meant():
    texts = changed("sample", "$topic", "$topik and $topic")
    line = next(n for n, text in enumerate(texts.sample.split("\n"), 1) if "$topik" in text)
    said = first_problem(texts, "sample")
    assert said.startswith(f"Line {line}: $topik is not known. Did you mean $topic?")
    assert "Write $$" in said


@pytest.mark.parametrize("name", placeholders(BUILT_IN.sample))
def test_each_name_of_the_built_in_text_must_stand_in_any_other(name):
    sample = BUILT_IN.sample.replace(f"${{{name}}}", "").replace(f"${name}", "")
    assert f"${name}" in text_problems(replace(BUILT_IN, sample=sample))["sample"][0]


def test_the_re_ask_must_name_the_problems():
    assert "It lacks $problems" in first_problem(changed("reask", "$problems", ""), "reask")


def test_no_name_is_filled_in_in_the_system_message():
    texts = replace(BUILT_IN, system=f"{BUILT_IN.system}\nAbout $topic.")
    assert "$topic is not known. None is known here." in first_problem(texts, "system")


@pytest.mark.parametrize("sum_of_money", ["It costs $5.", "It costs $ 5.", "US$"])
def test_a_dollar_that_begins_no_name_is_written_twice(sum_of_money):
    texts = replace(BUILT_IN, system=f"{BUILT_IN.system}\n{sum_of_money}")
    last = len(texts.system.split("\n"))
    assert first_problem(texts, "system") == (f"Line {last}: a $ begins no name here. Write $$ for the sign itself.")
    doubled = replace(BUILT_IN, system=f"{BUILT_IN.system}\n{sum_of_money.replace('$', '$$')}")
    assert text_problems(doubled) == {}
    assert build_request(SPEC, taxonomy(), texts=doubled).messages[0].content.endswith(sum_of_money)


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "It is empty"), ("x" * (CHARS_MAX + 1), "characters"), ("\n".join("x" * (LINES_MAX + 1)), "lines")],
)
@pytest.mark.parametrize("name", ["system", "sample", "reask", "phrases"])
def test_a_text_is_neither_empty_nor_endless(name, text, said):
    assert said in first_problem(replace(BUILT_IN, **{name: text}), name)


def test_answers_are_read_by_the_keys_so_that_these_must_be_named():
    texts = changed("sample", '"case_citation"', '"authorities"')
    texts = replace(texts, sample=texts.sample.replace("case_citation", "authorities"))
    assert "names case_citation" in first_problem(texts, "sample")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("$sections", "$parts", "$parts is not known. Those known here: $sections."),
        ("$low words", "many words", "It lacks $low"),
        ("[length]", "[lenght]", "There is no group [lenght]"),
        ("brief =", "brief = ", ""),
        ('any = "Mend exactly that."', "", "[remedy] lacks the phrase any. Add a line"),
        ('any = "Mend exactly that."', 'any = ""', "any is no text, or an empty one"),
        ('any = "Mend exactly that."', "any = 3", "any is no text, or an empty one"),
        ('any = "Mend exactly that."', "any = Mend", "It is no TOML"),
        ('any = "Mend exactly that."', 'any = "Mend."\nother = "Mend."', ""),
        ('any = "Mend exactly that."', 'any = "Mend."\nother = "Mend $it."', "$it is not known. None is known here."),
    ],
)
def test_phrases_are_held_against_the_built_in_ones(old, new, said):
    problems = text_problems(changed("phrases", old, new))
    assert said in " ".join(problems.get("phrases", ()))
    assert bool(problems) is bool(said)


def test_a_problem_in_a_phrase_is_told_with_its_line():
    texts = changed("phrases", "$sections", "$parts")
    line = next(n for n, text in enumerate(texts.phrases.split("\n"), 1) if "$parts" in text)
    assert f"[structure] sections: Line {line}: $parts" in first_problem(texts, "phrases")


def test_what_was_typed_in_a_browser_has_the_same_line_ends_as_a_file():
    typed = {name: text.replace("\n", "\r\n") + "\r\n" for name, text in BUILT_IN.content.items()}
    assert PromptTexts.of(typed) == BUILT_IN
    assert PromptTexts.of(typed).digest == BUILT_IN.digest


def test_a_text_that_moves_from_one_place_to_another_makes_another_digest():
    swapped = replace(BUILT_IN, system=BUILT_IN.reask, reask=BUILT_IN.system)
    assert swapped.digest != BUILT_IN.digest


def test_a_request_and_its_re_ask_are_in_the_words_of_their_version():
    texts = replace(BUILT_IN, system="Be a judge.", reask="No: $problems $remedy")
    request = build_request(SPEC, taxonomy(), texts=texts)
    assert request.messages[0].content == "Be a judge."
    assert reask(request, "{}", ("it is empty",), texts=texts).messages[-1].content.startswith("No: - it is empty.")


def test_a_phrase_that_is_newer_than_the_version_is_the_built_in_one():
    texts = changed("phrases", 'any = "Mend exactly that."', "")
    assert texts.phrase("remedy", "any") == "Mend exactly that."


def test_a_name_that_a_release_does_not_fill_in_any_more_is_told():
    texts = replace(BUILT_IN, sample=f"{BUILT_IN.sample} $gone")
    assert "$gone is not known" in next(unknown_names(texts))
    with pytest.raises(UnknownNameError, match=r"\$gone is not known"):
        build_request(SPEC, taxonomy(), texts=texts)


def test_a_group_of_phrases_that_a_release_does_not_ask_for_any_more_is_no_matter():
    texts = replace(BUILT_IN, phrases=f'{BUILT_IN.phrases}\n[gone]\nany = "With $nothing."')
    assert list(unknown_names(texts)) == []
    assert "There is no group [gone]" in first_problem(texts, "phrases")


def test_lists_in_lists_are_no_phrases():
    assert "It is no TOML" in first_problem(replace(BUILT_IN, phrases=f"x = {'[' * 15_000}"), "phrases")


def test_texts_that_lack_a_name_of_a_newer_release_can_be_used():
    texts = changed("sample", "$number", "")
    assert list(unknown_names(texts)) == []
    assert build_request(SPEC, taxonomy(), texts=texts)


# --- differences ---------------------------------------------------------------------
def test_the_same_texts_do_not_differ():
    assert differences(BUILT_IN, BUILT_IN) == ()


def test_a_difference_shows_both_lines_with_their_numbers_and_what_stands_around():
    lines = [f"line {number}" for number in range(1, 11)]
    old = replace(BUILT_IN, reask="\n".join(lines))
    new = replace(BUILT_IN, reask="\n".join([*lines[:4], "another", *lines[5:]]))
    (found,) = differences(old, new)
    assert (found.name, found.removed, found.added) == ("reask", 1, 1)
    assert [(line.side.value, line.old, line.new) for line in found.lines] == [
        ("gap", None, None),
        ("same", 3, 3),
        ("same", 4, 4),
        ("removed", 5, None),
        ("added", None, 5),
        ("same", 6, 6),
        ("same", 7, 7),
        ("gap", None, None),
    ]


def test_nothing_is_left_out_where_the_first_and_the_last_line_differ():
    old, new = replace(BUILT_IN, reask="a\nb\nc"), replace(BUILT_IN, reask="x\nb\nz")
    (found,) = differences(old, new)
    assert Side.GAP not in [line.side for line in found.lines]
    assert [line.text for line in found.lines] == ["a", "x", "b", "c", "z"]
