"""What a batch is short of stands on its page and in the API, with its reasons."""

import pytest

from generation.choices import BatchStatus
from generation.models import Batch
from generation.tests.factories import make_attempt, make_batch

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(own_redis):
    batch = make_batch(count=3, done=1, failed=2, status=BatchStatus.COMPLETED_WITH_FAILURES)
    make_attempt(batch, 1, "ok", is_first_answer=True)
    for number in (2, 3):
        make_attempt(batch, number, "bad_output", rules={"too_short": "it has <3> words"}, is_first_answer=True)
    Batch.objects.filter(pk=batch.pk).update(attempts=3, replaced=2)
    return batch


def test_the_page_says_how_many_are_short_and_why(admin_client, batch):
    page = admin_client.get(f"/admin/generation/batch/{batch.pk}/change/").content.decode()
    assert "2 samples short, and why" in page
    assert "Too short" in page
    assert "it has &lt;3&gt; words" in page
    assert "by others of their kind" in page
    assert "33.3 % of its first answers" in page


def test_a_batch_that_is_not_short_has_no_such_panel(admin_client, own_redis):
    batch = make_batch(count=1, done=1, status=BatchStatus.COMPLETED)
    page = admin_client.get(f"/admin/generation/batch/{batch.pk}/change/").content.decode()
    assert "short, and why" not in page


def test_the_api_tells_the_same(admin_client, batch):
    told = admin_client.get(f"/api/batches/{batch.pk}").json()
    assert told["replaced"] == 2
    assert told["shortfall"] == {
        "short": 2,
        "counted": 2,
        "words": "1 of 3 samples made, 2 short: too short",
        "reasons": [
            {
                "rule": "too_short",
                "name": "Too short",
                "items": 2,
                "answers": 2,
                "example": {"item": 3, "message": "it has <3> words"},
            }
        ],
    }
    assert told["first_pass"] == [
        {"provider": "groq", "model": "llama", "first_answers": 3, "first_accepted": 1, "first_pass": 1 / 3}
    ]


def test_of_a_batch_that_made_all_the_api_has_no_shortfall(admin_client, own_redis):
    batch = make_batch(count=1, done=1, status=BatchStatus.COMPLETED)
    told = admin_client.get(f"/api/batches/{batch.pk}").json()
    assert (told["shortfall"], told["first_pass"]) == (None, [])


def test_a_failed_item_tells_the_rules_of_its_last_call(admin_client, batch):
    [first, _] = admin_client.get(f"/api/batches/{batch.pk}/failed").json()["items"]
    assert first["last_call"]["rules"] == {"too_short": "it has <3> words"}
