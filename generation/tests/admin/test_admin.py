"""The page of a batch: what it shows, and the buttons that stop, resume and retry it."""

import pytest
from django.urls import reverse

from generation.choices import BatchStatus, ItemStatus
from generation.models import Batch, Item
from generation.tests.admin.batch_pages import LIST, url
from generation.tests.factories import make_attempt, make_batch
from providers.tests.admin.admin_pages import page, viewer
from samples.actions import keep_citations
from samples.tests.factories import make_sample

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]


def test_the_page_shows_what_was_asked_for_and_how_far_it_is(admin_client):
    batch = make_batch(count=4, done=1, failed=1, status=BatchStatus.RUNNING, topics=["Breach of Contract"])
    html = page(admin_client, url("change", batch))
    assert "1 of 4, 1 failed" in html
    assert "Breach of Contract" in html


def test_failed_items_are_shown_with_their_reason(admin_client):
    batch = make_batch(count=3, done=2, failed=1, status=BatchStatus.COMPLETED_WITH_FAILURES)
    Item.objects.filter(status=ItemStatus.FAILED).update(failure="Six answers without a <citation>.")
    assert "Six answers without a &lt;citation&gt;." in page(admin_client, url("change", batch))


def test_the_page_refreshes_itself_only_while_the_batch_is_active(admin_client):
    assert "every 2s" in page(admin_client, url("change", make_batch(status=BatchStatus.RUNNING)))
    assert "every 2s" not in page(admin_client, url("change", make_batch(status=BatchStatus.STOPPED)))


def test_the_fragment_brings_the_buttons_of_the_status_that_it_has_moved_to(admin_client):
    batch = make_batch(status=BatchStatus.PAUSED, status_reason="At its cap.")
    fragment = page(admin_client, url("live", batch))
    assert 'id="action-resume"' in fragment
    assert 'data-announce="Batch' in fragment
    assert "At its cap." in fragment


@pytest.mark.parametrize(
    ("status", "buttons"),
    [
        (BatchStatus.PENDING, {"stop"}),
        (BatchStatus.RUNNING, {"stop", "retry"}),
        (BatchStatus.PAUSED, {"stop", "resume", "retry"}),
        (BatchStatus.STOPPED, {"resume"}),
        (BatchStatus.COMPLETED_WITH_FAILURES, {"retry"}),
        (BatchStatus.FAILED, {"retry"}),
        (BatchStatus.COMPLETED, set()),
    ],
)
def test_only_what_can_be_done_has_a_button(admin_client, status, buttons):
    batch = make_batch(count=3, status=status, failed=1 if "retry" in buttons else 0)
    html = page(admin_client, url("change", batch))
    assert {name for name in ("stop", "resume", "retry") if f'action="{url(name, batch)}"' in html} == buttons
    assert {name for name in ("stop", "resume", "retry") if f'id="action-{name}"' in html} == buttons


def test_stop_and_resume_go_through_the_actions(admin_client):
    batch = make_batch(status=BatchStatus.RUNNING)
    admin_client.post(url("stop", batch))
    assert Batch.objects.get().status == BatchStatus.STOPPED
    admin_client.post(url("resume", batch))
    assert Batch.objects.get().status == BatchStatus.RUNNING


def test_retry_takes_up_the_failed_items(admin_client):
    batch = make_batch(count=3, done=2, failed=1, status=BatchStatus.COMPLETED_WITH_FAILURES)
    admin_client.post(url("retry", batch))
    assert not Item.objects.filter(status=ItemStatus.FAILED).exists()


def test_what_cannot_be_done_is_said_and_changes_nothing(admin_client):
    batch = make_batch(status=BatchStatus.COMPLETED)
    response = admin_client.post(url("stop", batch), follow=True)
    assert "cannot be stopped" in response.content.decode()
    assert Batch.objects.get().status == BatchStatus.COMPLETED


@pytest.mark.parametrize("name", ["stop", "resume", "retry"])
def test_nothing_is_done_by_a_get_or_without_permission(admin_client, name):
    batch = make_batch(status=BatchStatus.RUNNING)
    assert admin_client.get(url(name, batch)).status_code == 405
    assert viewer("view_batch").post(url(name, batch)).status_code == 403
    assert Batch.objects.get().status == BatchStatus.RUNNING


def test_who_may_only_look_sees_the_page_without_buttons():
    batch = make_batch(status=BatchStatus.RUNNING)
    assert url("stop", batch) not in page(viewer("view_batch"), url("change", batch))


def test_page_and_list_ask_as_much_for_a_large_batch_as_for_a_small_one(admin_client, django_assert_max_num_queries):
    batch = make_batch(count=40, failed=30, status=BatchStatus.RUNNING)
    for number in range(1, 31):
        make_attempt(batch, number, "bad_output")
    page(admin_client, url("change", batch))  # the configuration is read once
    with django_assert_max_num_queries(14):
        page(admin_client, url("change", batch))
    with django_assert_max_num_queries(14):
        page(admin_client, url("live", batch))
    with django_assert_max_num_queries(8):
        page(admin_client, LIST)


def test_a_batch_that_is_not_there_is_said_to_be_missing(admin_client):
    assert admin_client.get(reverse("admin:generation_batch_live", args=[999])).status_code == 404
    assert admin_client.get(reverse("admin:generation_batch_change", args=[999])).status_code == 302


def test_a_paused_batch_is_looked_at_less_often(admin_client):
    assert "every 5s" in page(admin_client, url("change", make_batch(status=BatchStatus.PAUSED)))


def test_the_page_warns_of_an_authority_in_more_than_a_fifth_of_the_samples(admin_client):
    batch = make_batch(count=10, status=BatchStatus.COMPLETED)
    keep_citations([make_sample(batch_id=batch.pk, item_number=number) for number in range(11, 21)])
    html = page(admin_client, url("change", batch))
    assert "More than 20 % of the samples cite the same authority" in html
    assert "100 %: Carlill v Carbolic Smoke Ball Co [1893] 1 QB 256" in html
