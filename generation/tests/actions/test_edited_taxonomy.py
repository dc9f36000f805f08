"""What people make of the taxonomy, in orders, plans and prompts; and batches that began before."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from generation.actions import BatchOrder, start_batch
from generation.admin.order_form import OrderForm
from generation.engine.prompts import build_request
from generation.models import Batch, Item
from generation.worker.items import batches, planner
from generation.worker.items.specs import spec_of
from providers import actions as provider_actions
from providers.tests.factories import make_provider
from samples import vocabulary
from samples.models import Jurisdiction, SampleType, Topic
from samples.taxonomy import taxonomy
from samples.tests.seeding import seed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def seeded():
    seed()
    make_provider("groq", models=["llama"])
    provider_actions.set_secrets("groq", api_key="gsk-of-the-test")


def started(count=4, **order):
    return start_batch(BatchOrder(count=count, seed=1, **order), queue=False)


def offered(name):
    field: Any = OrderForm().fields[name]
    return list(field.choices)


def prompt_of(batch):
    batch = Batch.objects.get(pk=batch.pk)
    spec = spec_of(Item.objects.filter(batch=batch).order_by("number")[0], batch)
    return build_request(spec, batch.taxonomy).messages[-1].content


def test_an_edit_stands_in_the_next_batchs_prompt_and_not_in_one_that_was_ordered_before():
    before = started(sample_types=("case_analysis",))
    SampleType.objects.filter(word="case_analysis").update(sections=["Facts", "Held"])
    after = started(sample_types=("case_analysis",))

    assert "Facts, Held" in prompt_of(after)
    assert "Facts, Held" not in prompt_of(before)
    assert "Issue, Rule" in prompt_of(before)


def test_what_is_added_can_be_ordered_at_once_by_form_and_action():
    row = Topic.objects.create(
        word="Space Debris", jurisdiction_id="international", practice_area="Space Law", difficulty_id="expert"
    )

    assert (row.word, row.word) in offered("topics")
    batch = started(topics=("Space Debris",))
    assert set(Item.objects.filter(batch=batch).values_list("topic", "difficulty")) == {("Space Debris", "expert")}


def test_what_is_off_is_offered_and_planned_no_more():
    SampleType.objects.exclude(word="simple_qa").update(enabled=False)

    assert offered("sample_types") == [("simple_qa", vocabulary.current().sample_types[0].name)]
    batch = started(count=30)
    assert set(Item.objects.filter(batch=batch).values_list("sample_type", flat=True)) == {"simple_qa"}
    with pytest.raises(ValidationError) as refusal:
        started(sample_types=("case_analysis",))
    assert "sample_types" in refusal.value.message_dict


def test_items_that_are_planned_later_are_of_what_was_ordered(monkeypatch):
    monkeypatch.setattr(planner, "CHUNK", 5)
    batch, whole = started(count=10), started(count=10)
    planner.plan_ahead(whole.pk)
    Topic.objects.exclude(word="Fraud").update(enabled=False)

    planner.plan_ahead(batch.pk)

    planned = [
        list(Item.objects.filter(batch=each).order_by("number").values_list("topic", flat=True))
        for each in (batch, whole)
    ]
    assert planned[0] == planned[1]


def test_a_lane_finds_the_taxonomy_of_its_batch_without_a_query(django_assert_num_queries):
    batch = batches.open_batch(started().pk)

    with django_assert_num_queries(0):
        assert batch.taxonomy == taxonomy()


def test_batches_that_were_ordered_alike_share_an_edition():
    assert started().edition_id == started().edition_id


def test_the_whole_stands_for_its_parts_that_are_on():
    Jurisdiction.objects.filter(word="scotland").update(enabled=False)

    batch = started(count=20, jurisdictions=("uk",))

    found = set(Item.objects.filter(batch=batch).values_list("jurisdiction", flat=True))
    assert found <= {"uk", "england_wales", "northern_ireland"}
