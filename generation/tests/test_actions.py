"""Orders are checked before anything is written; what people do afterwards moves statuses as the table allows."""

import pytest
from django.core.exceptions import ValidationError

from generation import actions
from generation.actions import BatchConflict, BatchOrder, start_batch
from generation.choices import BATCH_MOVES, ENDED, ITEM_MOVES, BatchStatus, ItemStatus
from generation.engine.prompts import build_request
from generation.models import Batch, Item
from generation.tests.factories import make_batch
from generation.worker.specs import spec_of
from providers import actions as provider_actions
from providers.tests.factories import make_provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    make_provider("groq", models=["llama", "gemma"])
    provider_actions.set_secrets("groq", api_key="gsk-of-the-test")


def refused(**order):
    with pytest.raises(ValidationError) as error:
        start_batch(BatchOrder(**{"count": 1, **order}), queue=False)
    assert not Batch.objects.exists()
    return error.value.message_dict


@pytest.mark.parametrize(
    ("order", "field", "remedy"),
    [
        ({"count": 0}, "count", "at least 1"),
        ({"count": -3}, "count", "at least 1"),
        ({"count": 10_000_000}, "count", "--yes"),
        ({"count": 10_000_001, "confirmed": True}, "count", "10,000,000"),
        ({"instruction": "half a pair \ud800"}, "instruction", "Remove it"),
        ({"count": 100_001}, "count", "--yes"),
        ({"topics": ("Law of the Moon",)}, "topics", "/api/topics"),
        ({"jurisdictions": ("mars",)}, "jurisdictions", "uk"),
        ({"difficulties": ("hard",)}, "difficulties", "expert"),
        ({"sample_types": ("poem",)}, "sample_types", "/api/sample-types"),
        ({"provider": "nobody"}, "provider", "groq"),
        ({"model": "gpt-0"}, "model", "llama"),
        ({"provider": "groq", "model": "gpt-0"}, "model", "llama"),
        ({"item_budget": 0}, "item_budget", "1 to 50"),
        ({"seed": -1}, "seed", "from 0"),
        ({"instruction": "x" * 4001}, "instruction", "4000"),
    ],
)
def test_a_wrong_order_names_field_and_remedy_and_writes_nothing(provider, order, field, remedy):
    assert remedy in " ".join(refused(**order)[field])


def test_every_wrong_field_is_named_at_once(provider):
    assert set(refused(count=0, topics=("x",), provider="nobody")) == {"count", "topics", "provider"}


def test_without_any_usable_provider_the_remedy_is_a_key():
    make_provider("groq", models=["llama"])
    assert "Enter a key" in refused()["provider"][0]


def test_a_provider_that_is_off_is_refused_by_name(provider):
    provider_actions.set_provider_enabled("groq", False)
    assert "switched off" in refused(provider="groq")["provider"][0]


def test_an_order_becomes_a_batch_with_all_its_items(provider):
    batch = start_batch(BatchOrder(count=7, jurisdictions=("us",), seed=5), queue=False)
    items = Item.objects.filter(batch=batch)
    assert [item.number for item in items] == list(range(1, 8))
    assert {item.jurisdiction for item in items} == {"us"}
    assert (batch.status, batch.jurisdictions, batch.seed) == (BatchStatus.PENDING, ["us"], 5)


def test_no_two_items_of_a_batch_ask_for_the_same(provider):
    batch = start_batch(BatchOrder(count=40, topics=("TUPE",), sample_types=("simple_qa",)), queue=False)
    prompts = {build_request(spec_of(item)).messages for item in Item.objects.filter(batch=batch)}
    assert len(prompts) == 40


@pytest.mark.parametrize("status", [BatchStatus.PENDING, BatchStatus.RUNNING, BatchStatus.PAUSED])
def test_a_batch_that_has_not_ended_can_be_stopped(status):
    batch = actions.stop_batch(make_batch(status=status).pk)
    assert (batch.status, batch.finished_at is None) == (BatchStatus.STOPPED, False)


@pytest.mark.parametrize("status", sorted(ENDED))
def test_a_batch_that_has_ended_cannot_be_stopped(status):
    with pytest.raises(BatchConflict, match="cannot be stopped"):
        actions.stop_batch(make_batch(status=status).pk)


@pytest.mark.parametrize("status", [BatchStatus.STOPPED, BatchStatus.PAUSED])
def test_a_stopped_or_paused_batch_goes_on(status):
    batch = actions.resume_batch(make_batch(status=status, done=1).pk)
    assert (batch.status, batch.finished_at) == (BatchStatus.RUNNING, None)


def test_a_completed_batch_cannot_be_resumed():
    with pytest.raises(BatchConflict, match="retry"):
        actions.resume_batch(make_batch(status=BatchStatus.COMPLETED, count=1, done=1).pk)


def test_retry_takes_up_the_failed_items_and_no_other():
    batch = make_batch(count=4, done=1, failed=2, status=BatchStatus.COMPLETED_WITH_FAILURES)
    batch = actions.retry_failed(batch.pk)
    statuses = list(Item.objects.filter(batch=batch).values_list("status", flat=True))
    assert statuses == [ItemStatus.DONE, ItemStatus.PENDING, ItemStatus.PENDING, ItemStatus.PENDING]
    assert (batch.status, batch.failed, batch.generated) == (BatchStatus.RUNNING, 0, 1)


def test_retry_without_failed_items_is_a_conflict():
    with pytest.raises(BatchConflict, match="no failed items"):
        actions.retry_failed(make_batch(count=1, done=1, status=BatchStatus.COMPLETED).pk)


def test_retry_of_a_stopped_batch_asks_to_resume_it_first():
    batch = make_batch(count=2, failed=1, status=BatchStatus.STOPPED)
    with pytest.raises(BatchConflict, match="Resume"):
        actions.retry_failed(batch.pk)
    assert Item.objects.filter(batch=batch, status=ItemStatus.FAILED).count() == 1


@pytest.mark.parametrize("source", BatchStatus)
@pytest.mark.parametrize("target", BatchStatus)
def test_a_batch_moves_only_as_the_table_allows(source, target):
    batch = make_batch(status=source, count=1)
    moved = Batch.objects.filter(pk=batch.pk).move_to(target)
    assert bool(moved) == (target in BATCH_MOVES[source])


def test_the_tables_of_moves_cover_every_status():
    assert (set(BATCH_MOVES), set(ITEM_MOVES)) == (set(BatchStatus), set(ItemStatus))
