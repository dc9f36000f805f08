"""Files of what a list shows, which the API gives alike."""

import json

import pytest
from django.urls import reverse

from samples import actions
from samples.models import Sample
from samples.tests.factories import make_sample

pytestmark = pytest.mark.django_db


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
