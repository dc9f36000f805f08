"""Prompts: what a request says of its item, and what a re-ask says of the answer before."""

from dataclasses import replace
from itertools import takewhile

import pytest

from generation.engine.planning.plan import ItemSpec, Order, plan
from generation.engine.prompts import MAX_TOKENS, SCHEMA, build_request, reask
from generation.tests.engine.specs import SPEC
from samples.taxonomy import taxonomy


def prompt(spec: ItemSpec = SPEC, instruction: str = "") -> str:
    return build_request(spec, taxonomy(), instruction).messages[-1].content


def test_a_request_is_one_system_and_one_user_message_with_the_schema():
    request = build_request(SPEC, taxonomy())
    assert [message.role for message in request.messages] == ["system", "user"]
    assert request.schema is SCHEMA
    assert request.max_tokens == MAX_TOKENS >= 4096


def test_the_schema_takes_exactly_the_four_strings():
    keys = ["question", "reasoning", "answer", "case_citation"]
    assert SCHEMA.schema["required"] == keys
    assert SCHEMA.schema["properties"] == {key: {"type": "string"} for key in keys}
    assert SCHEMA.schema["additionalProperties"] is False


@pytest.mark.parametrize(
    "words",
    [
        "European Union (Union law, a legal order of its own",
        "judgments with case number and ECLI",
        "Data Protection",
        "GDPR Compliance",
        "advanced (complex scenarios, multiple legal doctrines)",
        "Case Analysis. Problem-solving with legal reasoning",
        "Issue, Rule, Application, Conclusion",
        "Between 450 and 800 words",
        "at least 3 real authorities",
        "6 to 7 numbered steps",
        "the legal risks of going on",
        "Variation: 42 of series 0.",
        '"question", "reasoning", "answer" and "case_citation"',
        "JSON object",
    ],
)
def test_the_prompt_says_what_the_item_must_be(words):
    assert words in prompt()


def test_the_system_message_forbids_invented_authorities():
    system = build_request(SPEC, taxonomy()).messages[0].content
    assert "real and can be looked up" in system
    assert "Never invent" in system


def test_a_brief_type_has_its_own_length_and_no_headings_or_steps():
    words = prompt(replace(SPEC, sample_type="simple_qa"))
    assert "Between 50 and 100 words" in words
    assert "without headings" in words
    assert "450" not in words
    assert "numbered steps" not in words


def test_the_instruction_is_passed_on_as_it_stands():
    assert "Cite $10 {cases} only." in prompt(instruction="  Cite $10 {cases} only.\n")


def test_without_instruction_nothing_is_said_of_one():
    assert "instruction" not in prompt()
    assert "\n\n\n" not in prompt()


def test_every_kind_of_item_has_its_words():
    for spec in plan(Order(300, difficulties=tuple(entry.id for entry in taxonomy().difficulties)), taxonomy()):
        assert "$" not in prompt(spec)


def test_no_two_prompts_of_a_batch_are_alike():
    order = Order(200, topics=("Fraud",), sample_types=("simple_qa",), seed=3)
    assert len({prompt(spec) for spec in plan(order, taxonomy())}) == 200


def test_a_reask_shows_the_answer_and_names_the_problems():
    request = reask(
        build_request(SPEC, taxonomy()), '{"question": "Why?"}', ("answer is missing", "reasoning is empty")
    )
    assert [message.role for message in request.messages] == ["system", "user", "assistant", "user"]
    assert request.messages[2].content == '{"question": "Why?"}'
    assert "- answer is missing.\n- reasoning is empty." in request.messages[3].content
    assert request.max_tokens == MAX_TOKENS


def test_a_reask_after_a_cut_gives_room_and_asks_for_less():
    request = reask(build_request(SPEC, taxonomy()), '{"question": "Wh', ("the answer was cut off",), cut_off=True)
    assert request.max_tokens == 2 * MAX_TOKENS
    assert "more concise" in request.messages[-1].content


@pytest.mark.parametrize("answer", ["x" * 100_000, "<think>" + "y" * 50_000 + "</think>" + "x" * 3_000])
def test_a_long_answer_is_shortened_in_the_reask(answer):
    shown = reask(build_request(SPEC, taxonomy()), answer, ("it is wrong",)).messages[2].content
    assert len(shown) < 2_100
    assert "[...]" in shown
    assert "y" not in shown


@pytest.mark.parametrize("answer", ["", "\0\ud800", "<think>only this"])
def test_an_answer_of_nothing_is_still_a_message(answer):
    assert reask(build_request(SPEC, taxonomy()), answer, ("it is empty",)).messages[2].content == "(no answer)"


# --- what vendors keep of a prompt: what is alike at the beginning -----------------------------------------------
OTHER = ItemSpec(7, "uk", "Contract Law", "Breach of Contract", "basic", SPEC.sample_type, "dispute_resolution")


def shared_lines(*specs: ItemSpec) -> list[str]:
    """The lines with which all of their prompts begin."""
    return [lines[0] for lines in takewhile(lambda lines: len(set(lines)) == 1, zip(*map(split, specs), strict=False))]


def split(spec: ItemSpec) -> list[str]:
    return prompt(spec, "Cite statutes only.").splitlines()


def test_the_system_message_is_the_same_for_every_item():
    assert (
        build_request(SPEC, taxonomy()).messages[0]
        == build_request(OTHER, taxonomy(), "Cite statutes only.").messages[0]
    )


def test_two_items_share_all_that_does_not_depend_on_them_with_the_instruction_of_their_batch():
    shared = shared_lines(SPEC, replace(OTHER, sample_type="simple_qa"))
    assert shared[-1] == "This example:"
    assert any("Cite statutes only." in line for line in shared)


@pytest.mark.parametrize("kind", [kind.id for kind in taxonomy().sample_types])
def test_two_items_of_one_type_have_no_line_in_common_after_the_first_that_differs(kind):
    one, other = (replace(spec, sample_type=kind) for spec in (SPEC, OTHER))
    first = len(shared_lines(one, other))
    assert not set(split(one)[first:]) & set(split(other)[first:])
    assert any(line.startswith("Type: ") for line in split(one)[:first])


def test_two_items_of_one_type_and_difficulty_differ_from_their_jurisdiction_on():
    differing = split(SPEC)[len(shared_lines(SPEC, replace(OTHER, difficulty=SPEC.difficulty))) :]
    assert [line.partition(":")[0] for line in differing] == [
        "Jurisdiction",
        "Authorities there",
        "Practice area",
        "Topic",
        "Point",
        "Scenario",
        "Parties",
        "Question",
        "Names, as far as any are needed",
        "Variation",
    ]
