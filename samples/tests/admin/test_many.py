"""Many samples at once: decided on and deleted after a question that names their number."""

import pytest

from legalds.tests.pages import markup
from samples import actions
from samples.models import Review, Sample
from samples.tests.admin.sample_pages import LIST, url
from samples.tests.factories import make_sample

pytestmark = pytest.mark.django_db


def bulk(client, samples, **values):
    ticked = [sample.pk for sample in samples]
    return client.post(LIST, {"action": "approve_many", "_selected_action": ticked, **values})


def test_many_are_decided_on_after_a_question_that_names_their_number(signed_in, ann):
    samples = [make_sample() for _ in range(3)]
    assert "2 samples" in bulk(signed_in, samples[:2]).content.decode()
    assert not Review.objects.exists()
    bulk(signed_in, samples[:2], confirmed="1", note="Read together")
    assert set(Sample.objects.filter(review="approved").values_list("pk", flat=True)) == {s.pk for s in samples[:2]}
    assert Review.objects.filter(note="Read together", by=ann).count() == 2


def test_all_of_a_filter_are_decided_on_beyond_the_page(signed_in, monkeypatch):
    monkeypatch.setattr("samples.admin.SampleAdmin.list_per_page", 2)
    for _ in range(5):
        make_sample(topic="Kept")
    other = make_sample()
    client_list = f"{LIST}?topic=Kept"
    ticked = {"action": "approve_many", "_selected_action": [other.pk], "select_across": "1"}
    assert "5 samples" in signed_in.post(client_list, ticked).content.decode()
    signed_in.post(client_list, {**ticked, "confirmed": "1"})
    assert Sample.objects.filter(review="approved").count() == 5


def test_a_filter_that_matches_others_by_now_is_asked_for_again(signed_in):
    for _ in range(2):
        make_sample(topic="Kept")
    body = {"action": "approve_many", "select_across": "1", "confirmed": "1", "count": "5", "_selected_action": ["1"]}
    html = signed_in.post(f"{LIST}?topic=Kept", body).content.decode()
    assert "Meanwhile the number has changed" in html
    assert "2 samples" in html
    assert not Review.objects.exists()


def test_many_are_deleted_after_a_question_that_names_their_number(admin_client, ann):
    samples = [make_sample() for _ in range(3)]
    actions.review(samples[0].pk, "rejected", ann)
    body = {"action": "delete_many", "_selected_action": [sample.pk for sample in samples[:2]]}
    assert "Yes, delete 2 samples" in markup(admin_client.post(LIST, body))
    assert Sample.objects.count() == 3
    answer = admin_client.post(LIST, {**body, "confirmed": "1", "count": "2"}, follow=True)
    assert "2 samples are deleted." in answer.content.decode()
    assert list(Sample.objects.all()) == [samples[2]]


def test_who_may_not_delete_is_offered_no_deletion_and_gets_none(signed_in):
    sample = make_sample()
    assert "delete_many" not in signed_in.get(LIST).content.decode()
    signed_in.post(LIST, {"action": "delete_many", "_selected_action": [sample.pk], "confirmed": "1"})
    assert signed_in.post(url("delete", sample), {"post": "yes"}).status_code == 403
    assert Sample.objects.exists()
