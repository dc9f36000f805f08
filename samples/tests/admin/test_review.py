"""Decisions on samples: the rule, the page and its queue, many at once, the API."""

import json

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from legalds.tests.pages import markup
from samples import actions
from samples.choices import ReviewStatus
from samples.models import Review, Sample
from samples.tests.factories import make_sample

pytestmark = pytest.mark.django_db

LIST = reverse("admin:samples_sample_changelist")


@pytest.fixture
def ann():
    return make_user("ann", "view_sample", "review_sample")


@pytest.fixture
def bob():
    return make_user("bob", "view_sample", "review_sample")


@pytest.fixture
def signed_in(ann):
    client = Client()
    client.force_login(ann)
    return client


def make_user(name, *codenames):
    user = User.objects.create_user(name, password="pw", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def url(name, sample):
    return reverse(f"admin:samples_sample_{name}", args=[sample.pk])


def decide(client, sample, status="approved", filters="", **values):
    sample.refresh_from_db()
    body = {"status": status, "seen": sample.review_seen, "_changelist_filters": filters, **values}
    return client.post(url("review", sample), body)


# --- the rule ----------------------------------------------------------------
def test_a_decision_stands_on_the_sample_and_in_its_history(ann):
    sample = make_sample()
    actions.review(sample.pk, "rejected", ann, note=" The case is invented. ")
    sample.refresh_from_db()
    assert (sample.review, sample.review_note, sample.reviewed_by) == ("rejected", "The case is invented.", ann)
    assert [(entry.status, entry.by) for entry in sample.reviews.all()] == [("rejected", ann)]


def test_who_decides_on_what_was_decided_already_is_told_by_whom(ann, bob):
    sample = make_sample()
    seen = sample.review_seen
    actions.review(sample.pk, "approved", bob)
    with pytest.raises(actions.ReviewConflict, match="bob has set sample"):
        actions.review(sample.pk, "rejected", ann, seen=seen)
    sample.refresh_from_db()
    assert sample.review == "approved"


def test_undo_brings_back_what_was_decided_before(ann, bob):
    sample = make_sample()
    actions.review(sample.pk, "needs_work", bob, note="Too short")
    actions.review(sample.pk, "approved", ann)
    back = actions.undo(sample.pk, ann)
    assert (back.review, back.review_note) == ("needs_work", "Too short")


def test_undo_of_the_first_decision_leaves_it_unreviewed(ann):
    sample = make_sample()
    actions.review(sample.pk, "approved", ann)
    assert actions.undo(sample.pk, ann).review == ReviewStatus.UNREVIEWED


def test_undo_gives_the_decision_back_to_who_had_made_it(ann, bob):
    sample = make_sample()
    earlier = actions.review(sample.pk, "needs_work", bob)
    actions.review(sample.pk, "approved", ann)
    back = actions.undo(sample.pk, ann)
    assert (back.reviewed_by, back.reviewed_at) == (bob, earlier.reviewed_at)
    assert [entry.is_undo for entry in sample.reviews.all()] == [True, False, False]
    with pytest.raises(actions.ReviewConflict, match="bob has set"):
        actions.undo(sample.pk, ann)


def test_what_was_taken_back_is_not_what_the_next_undo_brings_back(ann):
    sample = make_sample()
    for status in ("rejected", "approved"):
        actions.review(sample.pk, status, ann)
    actions.undo(sample.pk, ann)
    actions.review(sample.pk, "needs_work", ann)
    assert [actions.undo(sample.pk, ann).review for _ in range(2)] == ["rejected", "unreviewed"]


def test_a_sample_that_nobody_reviews_any_more_has_no_reviewer(ann):
    sample = make_sample()
    actions.review(sample.pk, "approved", ann, note="Fine")
    actions.undo(sample.pk, ann)
    sample.refresh_from_db()
    assert (sample.review_note, sample.reviewed_by, sample.reviewed_at) == ("", None, None)
    with pytest.raises(actions.ReviewConflict, match="none to take back"):
        actions.undo(sample.pk, ann)


def test_undo_pressed_twice_takes_one_decision_back(ann):
    sample = make_sample()
    actions.review(sample.pk, "rejected", ann)
    seen = actions.review(sample.pk, "approved", ann).review_seen
    actions.undo(sample.pk, ann, seen=seen)
    with pytest.raises(actions.ReviewConflict):
        actions.undo(sample.pk, ann, seen=seen)
    sample.refresh_from_db()
    assert sample.review == "rejected"


def test_what_another_one_decided_is_not_undone(ann, bob):
    sample = make_sample()
    actions.review(sample.pk, "approved", bob)
    with pytest.raises(actions.ReviewConflict):
        actions.undo(sample.pk, ann)


@pytest.mark.parametrize(
    ("status", "note", "field"),
    [("good", "", "status"), ("approved", "x" * 4001, "note"), ("approved", "\x00", "note")],
)
def test_a_wrong_decision_names_its_field_and_writes_nothing(ann, status, note, field):
    sample = make_sample()
    with pytest.raises(ValidationError) as caught:
        actions.review(sample.pk, status, ann, note=note)
    assert field in caught.value.message_dict
    assert not Review.objects.exists()


# --- the page ----------------------------------------------------------------
def test_the_page_reads_like_a_text(signed_in):
    sample = make_sample(
        answer="Issue: Is there a contract?\nRule: See [1893] 1 QB 256.",
        reasoning="Step 1: find the offer.\nStep 2: find the acceptance.",
    )
    html = markup(signed_in.get(url("change", sample)))
    assert '<h3 id="part-0">Issue</h3>' in html
    assert '<mark class="s-citation">[1893] 1 QB 256</mark>' in html
    assert '<li class="s-prose">find the acceptance.' in html


def test_authorities_and_stressed_case_names_are_marked(signed_in):
    sample = make_sample(
        answer="*Hadley v Baxendale* binds, **always**.", case_citation="Hadley v Baxendale (1854) 9 Exch 341"
    )
    html = markup(signed_in.get(url("change", sample)))
    assert '<mark class="s-citation"><em>Hadley v Baxendale</em></mark> binds, <em>always</em>.' in html
    assert '<mark class="s-citation">(1854) 9 Exch 341</mark>' in html


def test_the_page_says_where_the_next_one_is_to_be_fetched(signed_in):
    wanted, first = make_sample(), make_sample()
    html = signed_in.get(url("change", first)).content.decode()
    assert f'data-ahead="{url("change", wanted)}"' in html


def test_a_sample_deleted_since_is_told(signed_in):
    sample = make_sample()
    path = url("review", sample)
    sample.delete()
    answer = signed_in.post(path, {"status": "approved"}, follow=True)
    assert answer.status_code == 200
    assert "exist" in answer.content.decode()


def test_a_decision_leads_to_the_next_unreviewed_of_the_filter(signed_in):
    third, _, first = (make_sample(topic=topic) for topic in ("Kept", "Other", "Kept"))
    answer = decide(signed_in, first, filters="topic=Kept")
    assert answer.url == f"{url('change', third)}?_changelist_filters=topic%3DKept&decided={first.pk}"


def test_a_decision_that_takes_the_sample_out_of_the_filter_still_finds_the_next(signed_in):
    second, first = make_sample(), make_sample()
    answer = decide(signed_in, first, filters="review__exact=unreviewed")
    assert answer.url.startswith(url("change", second))


def test_a_conflict_is_told_and_keeps_what_was_typed(signed_in, bob):
    sample = make_sample()
    seen = sample.review_seen
    actions.review(sample.pk, "approved", bob)
    answer = signed_in.post(url("review", sample), {"status": "rejected", "seen": seen, "note": "Wrong law"})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "bob has set sample" in html
    assert ">Wrong law</textarea>" in html
    assert decide(signed_in, sample, "rejected").status_code == 302


def test_the_last_decision_is_undone_from_the_next_page(signed_in):
    _, first = make_sample(), make_sample()
    shown = signed_in.get(decide(signed_in, first).url)
    assert f"Sample {first.pk}: approved." in shown.content.decode()
    signed_in.post(url("undo", first))
    first.refresh_from_db()
    assert first.review == "unreviewed"


def test_reviewing_starts_at_the_first_unreviewed_of_the_filter(signed_in, ann):
    wanted, done = make_sample(topic="Kept"), make_sample(topic="Kept")
    make_sample()
    actions.review(done.pk, "approved", ann)
    answer = signed_in.get(reverse("admin:samples_sample_start"), {"topic": "Kept"})
    assert answer.url.startswith(url("change", wanted))


def test_with_all_reviewed_it_says_so(signed_in, ann):
    actions.review(make_sample().pk, "approved", ann)
    answer = signed_in.get(reverse("admin:samples_sample_start"), follow=True)
    assert "Every sample of this list is reviewed." in answer.content.decode()


def test_who_may_only_read_sees_no_buttons_and_is_refused():
    client, sample = Client(), make_sample()
    client.force_login(make_user("viewer", "view_sample"))
    html = client.get(url("change", sample)).content.decode()
    assert 'name="status"' not in html
    assert "Start reviewing" not in client.get(LIST).content.decode()
    for name in ("review", "undo"):
        assert client.post(url(name, sample), {"status": "approved"}).status_code == 403
    assert client.get(reverse("admin:samples_sample_start")).status_code == 403
    assert not Review.objects.exists()


@pytest.mark.parametrize("many", [3, 60])
def test_the_page_asks_no_more_when_there_are_many(signed_in, django_assert_max_num_queries, many):
    samples = [make_sample() for _ in range(many)]
    with django_assert_max_num_queries(13):
        signed_in.get(url("change", samples[1]))


# --- many at once ------------------------------------------------------------
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


# --- files -------------------------------------------------------------------
def test_the_list_exports_what_its_filter_shows(signed_in):
    make_sample(topic="Kept", question="Kept?")
    make_sample(topic="Other")
    answer = signed_in.get(reverse("admin:samples_sample_export"), {"topic": "Kept", "format": "csv"})
    text = b"".join(answer.streaming_content).decode()
    assert answer["Content-Disposition"] == 'attachment; filename="samples.csv"'
    assert "Kept?" in text
    assert "Other" not in text


@pytest.mark.parametrize(
    ("in_admin", "in_api"),
    [
        ({"review__exact": "rejected"}, {"review": "rejected"}),
        ({"jurisdiction__exact": "us"}, {"jurisdiction": "us"}),
        ({"difficulty__exact": "expert"}, {"difficulty": "expert"}),
        ({"sample_type__exact": "simple_qa"}, {"sample_type": "simple_qa"}),
        ({"topic": "Negligence"}, {"topic": "Negligence"}),
        ({"practice_area": "Tort Law"}, {"practice_area": "Tort Law"}),
        ({"provider": "mistral"}, {"provider": "mistral"}),
        ({"model": "other"}, {"model": "other"}),
        ({"batch": "7"}, {"batch": "7"}),
        ({"note": "yes"}, {"note": "yes"}),
        ({"note": "no"}, {"note": "no"}),
        ({"reviewer": "bob"}, {"reviewer": "bob"}),
        ({"q": "frustration"}, {"search": "frustration"}),
        ({"from": "2026-03-10"}, {"created_from": "2026-03-10"}),
        ({"to": "2026-03-10"}, {"created_to": "2026-03-11"}),
    ],
)
def test_every_filter_exports_the_same_from_the_list_and_over_the_api(signed_in, bob, in_admin, in_api):
    make_sample()
    odd = make_sample(
        jurisdiction="us",
        difficulty="expert",
        sample_type="simple_qa",
        topic="Negligence",
        practice_area="Tort Law",
        provider="mistral",
        model="other",
        batch_id=7,
        answer="A frustration.",
    )
    actions.review(odd.pk, "rejected", bob, note="Why")
    Sample.objects.filter(pk=odd.pk).update(created_at="2026-03-10T12:00Z")
    Sample.objects.exclude(pk=odd.pk).update(
        created_at="2026-03-09T12:00Z" if "from" in in_admin else "2026-03-12T12:00Z"
    )
    files = [
        signed_in.get(reverse("admin:samples_sample_export"), in_admin),
        signed_in.get("/api/samples/export", in_api),
    ]
    in_list, over_api = (
        {json.loads(line)["id"] for line in b"".join(file.streaming_content).splitlines()} for file in files
    )
    assert in_list == over_api
    assert len(in_list) == 1


def test_an_unknown_format_is_told(signed_in):
    answer = signed_in.get(reverse("admin:samples_sample_export"), {"format": "pdf"}, follow=True)
    assert "Choose one of: jsonl, csv, chat." in answer.content.decode()


# --- the API -----------------------------------------------------------------
def test_the_api_reviews_and_refuses_a_stale_decision(signed_in, bob):
    sample = make_sample()
    path = f"/api/samples/{sample.pk}/review"
    told = signed_in.post(path, {"status": "approved", "seen": "unreviewed"}, "application/json").json()
    assert (told["review"], told["reviewed_by"]) == ("approved", "ann")
    stale = signed_in.post(path, {"status": "rejected", "seen": "unreviewed"}, "application/json")
    assert stale.status_code == 409


def test_the_api_reviews_many(signed_in):
    pks = [make_sample().pk for _ in range(3)]
    body = {"ids": [*pks, 999_999], "status": "needs_work", "note": "Cite more"}
    assert signed_in.post("/api/samples/review", body, "application/json").json() == {"reviewed": 3}


@pytest.mark.parametrize(
    ("body", "field"),
    [({"status": "good"}, "status"), ({}, "status"), ({"status": "approved", "x": 1}, "x")],
)
def test_the_api_names_what_is_wrong(signed_in, body, field):
    answer = signed_in.post(f"/api/samples/{make_sample().pk}/review", body, "application/json")
    assert answer.status_code == 400
    assert field in answer.json()["error"]["fields"]


def test_the_api_wants_the_permission():
    client = Client()
    client.force_login(make_user("viewer", "view_sample"))
    answer = client.post(f"/api/samples/{make_sample().pk}/review", {"status": "approved"}, "application/json")
    assert answer.status_code == 403
    assert "Can review sample" in answer.json()["error"]["message"]


@pytest.mark.parametrize("file_format", ["jsonl", "csv", "chat"])
def test_the_api_exports_a_filter(signed_in, file_format):
    make_sample(review="approved", question="Kept?")
    make_sample(question="Left?")
    answer = signed_in.get("/api/samples/export", {"review": "approved", "format": file_format})
    text = b"".join(answer.streaming_content).decode()
    assert "Kept?" in text
    assert "Left?" not in text


def test_the_api_refuses_a_format_that_it_does_not_know(signed_in):
    answer = signed_in.get("/api/samples/export", {"format": "pdf"})
    assert answer.json()["error"]["fields"]["format"] == ["'pdf' is not known. Use one of: jsonl, csv, chat."]


def test_a_list_of_a_day_and_a_reviewer(signed_in, ann):
    wanted = make_sample()
    actions.review(wanted.pk, "approved", ann)
    make_sample()
    told = signed_in.get("/api/samples", {"reviewer": "ann", "created_from": "2020-01-01"}).json()
    assert [entry["id"] for entry in told["samples"]] == [wanted.pk]
