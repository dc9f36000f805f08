"""The news that every page asks for: batches that have ended since."""

import pytest
from django.urls import reverse

from generation.choices import BatchStatus
from generation.models import Batch
from generation.tests.factories import make_batch
from providers.tests.admin.admin_pages import viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]

NEWS = reverse("admin:generation_batch_news")


def test_news_tell_each_end_with_its_key(admin_client, django_assert_max_num_queries):
    batch = make_batch(count=1, done=1, status=BatchStatus.RUNNING)
    since = admin_client.get(NEWS).json()["newest"]
    assert admin_client.get(NEWS, {"since": since}).json()["news"] == []
    Batch.objects.filter(pk=batch.pk).move_to(BatchStatus.COMPLETED)
    with django_assert_max_num_queries(4):
        (told,) = admin_client.get(NEWS, {"since": since}).json()["news"]
    assert told["words"] == f"Batch {batch.pk} is completed: 1 of 1 sample made."
    assert told["id"] > since


def test_news_that_were_committed_late_are_among_those_shortly_before(admin_client):
    batch = make_batch(count=1, done=1, status=BatchStatus.RUNNING)
    Batch.objects.filter(pk=batch.pk).move_to(BatchStatus.COMPLETED)
    newest = admin_client.get(NEWS).json()["newest"]
    (told,) = admin_client.get(NEWS, {"since": newest}).json()["news"]
    assert told["id"] == newest


def test_news_begin_anew_where_the_database_did(admin_client):
    make_batch()
    told = admin_client.get(NEWS, {"since": 10**12}).json()
    assert told["newest"] < 10**12


def test_news_are_for_those_who_may_see_batches():
    assert viewer("view_sample").get(NEWS).status_code == 403
