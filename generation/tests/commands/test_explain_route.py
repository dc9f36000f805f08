"""``manage.py explain_route``."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from generation.actions import BatchOrder, start_batch
from providers import actions
from providers.tests.calling.store.scripted_store import open_store, wait_urgently
from providers.tests.factories import make_provider

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def groq(own_redis):
    make_provider("groq", models=["llama", "qwen"], requires_key=False)
    make_provider("local", models=["own"], requires_key=False)
    open_store()


def told(*args):
    out = io.StringIO()
    call_command("explain_route", *args, stdout=out)
    return out.getvalue()


def test_it_shows_a_table_without_colours_where_there_is_no_terminal():
    lines = told("--provider", "local").splitlines()
    assert lines[0] == "The next call goes to local/own at once."
    assert lines[2].split()[:3] == ["1", "local/own", "next"]
    assert "\x1b" not in "".join(lines)


def test_json_is_what_the_api_answers():
    body = json.loads(told("--json", "--model", "qwen"))
    assert body["next"] == "groq/qwen"


def test_a_batchs_own_order_is_explained_and_may_be_changed():
    batch = start_batch(BatchOrder(count=1, provider="local", when_full="stay"), queue=False)
    assert json.loads(told("--batch", str(batch.pk), "--json"))["next"] == "local/own"
    assert json.loads(told("--batch", str(batch.pk), "--provider", "groq", "--json"))["next"] == "groq/llama"


def test_wrong_input_names_the_field_and_what_is_known():
    for args, words in (
        (("--provider", "nope"), "provider: There is no provider 'nope'. Known: groq, local."),
        (("--batch", "404404"), "batch: There is no batch 404404."),
        (("--tokens", "0"), "tokens: Give a number of tokens"),
    ):
        with pytest.raises(CommandError, match=words) as refusal:
            told(*args)
        assert refusal.value.returncode == 2


def test_the_exit_code_says_whether_any_route_can_go():
    actions.set_provider_enabled("groq", False)
    actions.set_provider_enabled("local", False)
    with pytest.raises(SystemExit, match="1"):
        told()


def test_it_asks_as_urgently_as_the_batch():
    batch = start_batch(BatchOrder(count=1, urgency="urgent"), queue=False)
    wait_urgently("groq")
    given_way = "lets a more urgent batch go first"
    assert given_way in told()
    assert given_way not in told("--batch", str(batch.pk))
    assert given_way in told("--batch", str(batch.pk), "--urgency", "low")


def test_an_urgency_that_there_is_not_is_refused():
    with pytest.raises(CommandError, match="Choose one of: low, normal, urgent"):
        told("--urgency", "now")
