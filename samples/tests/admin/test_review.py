"""The page on which a sample is decided on, and the queue that it leads along."""

import pytest
from django.test import Client
from django.urls import reverse

from legalds.tests.pages import markup
from samples import actions
from samples.actions import keep_citations
from samples.models import Authority, Review
from samples.tests.admin.sample_pages import LIST, url
from samples.tests.factories import make_sample
from samples.tests.people import make_user

pytestmark = pytest.mark.django_db


def decide(client, sample, status="approved", filters="", **values):
    sample.refresh_from_db()
    body = {"status": status, "seen": sample.review_seen, "_changelist_filters": filters, **values}
    return client.post(url("review", sample), body)


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
    assert '<mark class="s-citation">Hadley v Baxendale (1854) 9 Exch 341</mark>' in html


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
    with django_assert_max_num_queries(16):
        signed_in.get(url("change", samples[1]))


def test_the_page_shows_what_the_sample_cites_and_how_it_stands(signed_in):
    Authority.objects.create(key="1893 1 qb 256", reference="a", name="Hale v. Morton")
    sample = make_sample()
    keep_citations([sample])
    page = signed_in.get(url("change", sample)).content.decode()
    assert "Read as 1 citation<" in page
    assert "known under another name: Hale v. Morton" in page
    assert "UK law report" in page
    assert "?cites=1893%201%20qb%20256" in page


def test_the_list_finds_samples_of_whose_authorities_one_has_another_name(signed_in):
    Authority.objects.create(key="1893 1 qb 256", reference="a", name="Hale v. Morton")
    misnamed, other = (
        make_sample(question="Who was misnamed?"),
        make_sample(case_citation="Theft Act 1968, s 1", question="What is theft?"),
    )
    keep_citations([misnamed, other])
    page = signed_in.get(reverse("admin:samples_sample_changelist"), {"standing": "other_name"}).content.decode()
    assert "Who was misnamed?" in page
    assert "What is theft?" not in page
