"""Orders are checked before anything is written; what people do afterwards moves statuses as the table allows."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from generation import actions
from generation.actions import BatchConflict, BatchOrder, start_batch
from generation.actions.cap_rules import CapChange
from generation.choices import ACTIVE, BATCH_MOVES, ENDED, ITEM_MOVES, BatchStatus, ItemStatus
from generation.engine.prompts import build_request
from generation.models import Batch, Item
from generation.tests.factories import make_batch
from generation.worker.items.specs import spec_of
from providers import actions as provider_actions
from providers.routing.limits.urgency import Urgency
from providers.tests.factories import make_provider
from samples.taxonomy import taxonomy

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
        ({"when_full": "run"}, "when_full", "auto, stay, spill"),
        ({"urgency": "now"}, "urgency", "low, normal, urgent"),
        ({"token_cap": 0}, "token_cap", "from 1"),
        ({"token_cap": 10**16}, "token_cap", "from 1"),
        ({"cost_cap": Decimal(0)}, "cost_cap", "above 0"),
        ({"cost_cap": Decimal("NaN")}, "cost_cap", "above 0"),
        ({"cost_cap": Decimal("Infinity")}, "cost_cap", "above 0"),
        ({"cost_cap": Decimal("0.000000001")}, "cost_cap", "8 decimals"),
        ({"cost_cap": Decimal(2)}, "cost_cap", "cap the tokens instead"),
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
    prompts = {build_request(spec_of(item, batch), taxonomy()).messages for item in Item.objects.filter(batch=batch)}
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


# --- when a route is full, and caps ----------------------------------------


def at_cap(**fields):
    """A batch that paused since its next item would need 300 tokens and 0.2 in money."""
    needs = {"needs_tokens": 300, "needs_cost": Decimal("0.2")}
    return make_batch(**{"status": BatchStatus.PAUSED, "tokens": 900, "token_cap": 1000, **needs, **fields})


def test_a_batch_keeps_its_caps_and_what_it_does_where_a_route_is_full(provider):
    order = BatchOrder(count=1, when_full="spill", token_cap=5000)
    batch = start_batch(order, queue=False)
    assert (batch.when_full, batch.token_cap, batch.cost_cap, batch.cost) == ("spill", 5000, None, Decimal(0))


@pytest.mark.parametrize(
    "order",
    [{}, {"provider": "groq"}, {"model": "llama"}, {"provider": "groq", "model": "llama"}],
    ids=["automatic", "a provider", "a model", "both"],
)
def test_a_cost_cap_is_refused_where_what_is_asked_for_has_no_price(provider, order):
    make_provider("priced")
    provider_actions.create_model("priced", {"model_id": "half", "input_price": 1})
    assert "Enter prices" in refused(cost_cap=Decimal(2), **order)["cost_cap"][0]


def test_a_cost_cap_is_taken_where_a_model_has_both_prices(provider):
    provider_actions.create_model("groq", {"model_id": "priced", "input_price": 1, "output_price": 2})
    assert start_batch(BatchOrder(count=1, cost_cap=Decimal("2.5")), queue=False).cost_cap == Decimal("2.5")


def test_a_batch_at_its_cap_is_resumed_only_with_a_higher_one():
    with pytest.raises(BatchConflict, match=r"1,000 tokens is reached: 900 are used .* about 300\. Give a higher cap"):
        actions.resume_batch(at_cap().pk)
    assert Batch.objects.get().status == BatchStatus.PAUSED


@pytest.mark.parametrize("status", [BatchStatus.PAUSED, BatchStatus.STOPPED])
@pytest.mark.parametrize("token_cap", [1200, None])
def test_a_raised_or_removed_cap_lets_the_batch_go_on(status, token_cap):
    batch = actions.resume_batch(at_cap(status=status).pk, CapChange(token_cap=token_cap))
    assert (batch.status, batch.token_cap, batch.status_reason) == (BatchStatus.RUNNING, token_cap, "")
    assert (batch.needs_tokens, batch.needs_cost) == (None, None)


def test_a_new_cap_that_is_still_too_low_is_refused_at_its_field():
    batch = at_cap()
    with pytest.raises(ValidationError) as error:
        actions.resume_batch(batch.pk, CapChange(token_cap=1199))
    assert "Give a higher one, or none." in error.value.message_dict["token_cap"][0]
    batch.refresh_from_db()
    assert (batch.status, batch.token_cap) == (BatchStatus.PAUSED, 1000)


def test_raising_one_cap_does_not_help_where_the_other_is_reached():
    batch = at_cap(cost=Decimal("1.9"), cost_cap=Decimal(2))
    with pytest.raises(BatchConflict, match=r"cost cap of \$2 is reached: \$1\.90 is spent"):
        actions.resume_batch(batch.pk, CapChange(token_cap=None))


def test_a_batch_that_a_person_stopped_short_of_its_cap_goes_on():
    batch = make_batch(status=BatchStatus.STOPPED, tokens=900, token_cap=1000)
    assert actions.resume_batch(batch.pk).status == BatchStatus.RUNNING


def test_a_stopped_batch_that_is_over_its_cap_does_not():
    batch = make_batch(status=BatchStatus.STOPPED, tokens=1100, token_cap=1000)
    with pytest.raises(BatchConflict, match=r"1,100 are used\. Give"):
        actions.resume_batch(batch.pk)


def test_retry_does_not_wake_a_batch_at_its_cap():
    with pytest.raises(BatchConflict, match="at its cap"):
        actions.retry_failed(at_cap(failed=1).pk)
    assert Item.objects.filter(status=ItemStatus.FAILED).count() == 1


# --- urgency -----------------------------------------------------------------


@pytest.mark.parametrize(("order", "urgency"), [({}, Urgency.NORMAL), ({"urgency": "urgent"}, Urgency.URGENT)])
def test_a_batch_is_as_urgent_as_it_was_ordered(provider, order, urgency):
    assert start_batch(BatchOrder(count=1, **order), queue=False).urgency == urgency


@pytest.mark.parametrize("status", sorted(ACTIVE))
def test_the_urgency_of_a_batch_that_has_not_ended_can_be_changed(status):
    assert actions.set_urgency(make_batch(status=status).pk, "low").urgency == Urgency.LOW


@pytest.mark.parametrize("status", sorted(ENDED))
def test_the_urgency_of_a_batch_that_has_ended_stays(status):
    batch = make_batch(status=status)
    with pytest.raises(BatchConflict, match=r"cannot be made urgent\. Only a pending, running or paused batch can be"):
        actions.set_urgency(batch.pk, "urgent")
    batch.refresh_from_db()
    assert batch.urgency == Urgency.NORMAL


def test_an_urgency_that_there_is_not_is_refused_with_those_that_there_are():
    with pytest.raises(ValidationError) as error:
        actions.set_urgency(make_batch().pk, "at once")
    message = "There is no urgency 'at once'. Choose one of: low, normal, urgent."
    assert error.value.message_dict == {"urgency": [message]}


def test_the_database_takes_no_other_urgency():
    with pytest.raises(IntegrityError):
        make_batch(urgency=3)
