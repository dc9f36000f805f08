"""The failed items of a batch: listed, found, exported, tried again."""

import json

import pytest
from django.urls import reverse

from generation.choices import BatchStatus, ItemStatus
from generation.models import Batch, Item
from generation.tests.admin.batch_pages import url
from generation.tests.factories import make_attempt, make_batch
from providers.tests.admin.admin_pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]


def test_failed_items_are_listed_by_reason_with_what_was_answered(admin_client):
    batch = make_batch(count=3, failed=2, status=BatchStatus.COMPLETED_WITH_FAILURES)
    Item.objects.filter(batch=batch, number=1).update(failure="groq/llama: bad_output: no JSON")
    Item.objects.filter(batch=batch, number=2).update(failure="groq/llama: context_length")
    make_attempt(batch, 1, "bad_output", detail="no JSON", answer="<b>Sorry</b>")
    assert "2 failed items" in page(admin_client, url("failed", batch))
    narrowed = page(admin_client, url("failed", batch) + "?why=bad_output")
    assert 'id="item-1"' in narrowed
    assert 'id="item-2"' not in narrowed
    calls = page(admin_client, reverse("admin:generation_batch_item", args=[batch.pk, 1]))
    assert "&lt;b&gt;Sorry&lt;/b&gt;" in calls


def test_failed_items_are_found_by_how_their_last_call_ended(admin_client):
    batch = make_batch(count=4, failed=3)
    make_attempt(batch, 1, "server")
    make_attempt(batch, 1, "bad_output")
    make_attempt(batch, 2, "server")
    kinds = admin_client.get(url("failed", batch)).context["kinds"]
    assert {(kind, times) for kind, _, times in kinds} == {("bad_output", 1), ("server", 1), ("no_call", 1)}
    for kind, number in (("bad_output", 1), ("server", 2), ("no_call", 3)):
        (failure,) = admin_client.get(url("failed", batch), {"kind": kind}).context["failures"]
        assert (failure.kind, failure.item.number) == (kind, number)


@pytest.mark.parametrize(("rule", "numbers"), [("words", [1]), ("unreadable", [2]), ("filler", [])])
def test_failed_items_are_found_by_broken_rule(admin_client, rule, numbers):
    batch = make_batch(count=4, failed=3)
    make_attempt(batch, 1, "bad_output", rules={"words": "it has 3 words"})
    make_attempt(batch, 2, "bad_output")
    make_attempt(batch, 3, "server")
    failures = admin_client.get(url("failed", batch), {"rule": rule}).context["failures"]
    assert [failure.item.number for failure in failures] == numbers
    told = admin_client.get(f"/api/batches/{batch.pk}/failed?rule={rule}").json()
    assert [item["number"] for item in told["items"]] == numbers


def test_a_rule_is_found_as_the_report_shows_it(admin_client):
    batch = make_batch(count=1, failed=1)
    make_attempt(batch, 1, "bad_output", rules={"too_short": "it has 3 words"})
    (failure,) = admin_client.get(url("failed", batch), {"rule": "Too short"}).context["failures"]
    assert failure.item.number == 1


@pytest.mark.parametrize("words", ["2", "no json", "negligence"])
def test_failed_items_are_found_by_number_reason_and_topic(admin_client, words):
    batch = make_batch(count=3, failed=3)
    Item.objects.filter(batch=batch, number=2).update(failure="bad_output: no JSON", topic="Negligence")
    (failure,) = admin_client.get(url("failed", batch), {"why": words}).context["failures"]
    assert failure.item.number == 2


def test_failed_items_are_exported_by_filter_with_their_last_call(admin_client):
    batch = make_batch(count=3, failed=2)
    make_attempt(batch, 1, "bad_output", detail="no JSON", answer="Sorry")
    response = admin_client.get(url("failed_export", batch), {"kind": "bad_output"})
    (line,) = map(json.loads, response.getvalue().decode().splitlines())
    assert (line["number"], line["kind"]) == (1, "bad_output")
    assert line["last_call"] == {"provider": "groq", "model": "llama", "detail": "no JSON", "answer": "Sorry"}
    everything = admin_client.get(url("failed_export", batch)).getvalue().decode().splitlines()
    assert [json.loads(line)["number"] for line in everything] == [1, 2]


def test_a_failed_item_that_is_retried_twice_says_so_on_the_list_it_came_from(admin_client):
    batch = make_batch(count=3, failed=2, status=BatchStatus.COMPLETED_WITH_FAILURES)
    retry = reverse("admin:generation_batch_item_retry", args=[batch.pk, 2])
    assert f"Batch {batch.pk} is trying item 2 again." in admin_client.post(retry, follow=True).content.decode()
    again = admin_client.post(retry, follow=True)
    assert f"Item 2 of batch {batch.pk} is not failed, or not any more." in again.content.decode()
    assert again.redirect_chain == [(url("failed", batch), 302)]


def test_one_failed_item_is_tried_again(admin_client):
    batch = make_batch(count=3, failed=2, status=BatchStatus.COMPLETED_WITH_FAILURES)
    admin_client.post(reverse("admin:generation_batch_item_retry", args=[batch.pk, 2]))
    statuses = list(Item.objects.filter(batch=batch).order_by("number").values_list("status", flat=True))
    assert statuses[:2] == [ItemStatus.FAILED, ItemStatus.PENDING]
    assert Batch.objects.get().failed == 1


def test_the_page_of_failed_items_asks_no_more_when_they_are_many(admin_client, django_assert_max_num_queries):
    batch = make_batch(count=70, failed=60)
    for number in range(1, 61):
        make_attempt(batch, number, "bad_output")
    with django_assert_max_num_queries(7):
        page(admin_client, url("failed", batch))
