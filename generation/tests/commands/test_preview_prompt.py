"""``manage.py preview_prompt``."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from generation.actions.prompts.versions import add_version, current_version
from generation.tests.factories import SPEC, make_batch
from providers import actions
from providers.tests.factories import make_provider

pytestmark = pytest.mark.django_db


def told(*args):
    out = io.StringIO()
    call_command("preview_prompt", *args, stdout=out)
    return out.getvalue()


def test_it_shows_both_messages_and_the_schema_with_the_tokens():
    text = told("--sample-type", "simple_qa", "--jurisdiction", "uk", "--instruction", "Be brief.")
    for words in ("Prompt version: 1", "--- system ---", "--- user ---", "--- schema ---", "Be brief.", "About "):
        assert words in text
    assert current_version().texts.system in text


def test_the_type_has_a_short_name_too():
    assert told("--type", "simple_qa") == told("--sample-type", "simple_qa")


def test_json_is_what_the_api_answers():
    body = json.loads(told("--json", "--number", "5", "--seed", "3"))
    assert body["item"]["number"] == 5
    assert body["messages"][0] == {"role": "system", "content": current_version().texts.system}


def test_the_same_item_has_the_same_prompt_and_another_has_another():
    one, again, other = (told("--number", number, "--seed", "3") for number in ("5", "5", "6"))
    assert one == again != other


def test_an_item_of_a_batch_is_shown_in_the_words_that_it_was_ordered_with():
    current_version()
    batch = make_batch(prompt_version=add_version({"system": "You are a judge."}), instruction="Be brief.")
    body = json.loads(told("--batch", str(batch.pk), "--item", "2", "--json"))
    assert body["prompt_version"] == 2
    assert body["messages"][0]["content"] == "You are a judge."
    assert "Be brief." in body["messages"][1]["content"]
    assert body["item"]["topic"] == SPEC["topic"]


def test_a_batch_that_is_older_than_versions_is_shown_too():
    assert "the release's own wording" in told("--batch", str(make_batch().pk))


def test_for_one_model_it_is_the_body_of_the_call_without_what_is_secret():
    make_provider("a", models=["good"], requires_key=False)
    actions.set_secrets("a", config={"extra_body": {"account": "hidden"}})
    body = json.loads(told("--model", "a/good"))
    assert (body["model"], body["stream"], len(body["messages"])) == ("good", False, 2)
    assert "hidden" not in str(body)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--type", "poem"), "sample_type: There is no sample type 'poem'."),
        (("--prompt-version", "9"), "prompt_version: There is no prompt version 9."),
        (("--batch", "404404"), "batch: There is no batch 404404."),
        (("--item", "3"), "item: Say of which batch"),
        (("--model", "a/none"), "model: 'a/none' is not an enabled model"),
        (("--number", "0"), "number: Give a number from 1"),
    ],
)
def test_wrong_input_names_the_field_and_the_remedy(args, words):
    with pytest.raises(CommandError, match=words) as refusal:
        told(*args)
    assert refusal.value.returncode == 2


def test_an_item_outside_its_batch_is_refused():
    with pytest.raises(CommandError, match=r"item: Batch \d+ has items 1 to 3\."):
        told("--batch", str(make_batch(count=3).pk), "--item", "4")
