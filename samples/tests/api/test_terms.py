"""The taxonomy over the API: listed, added, changed, moved, deleted; and who may."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from rest_framework.test import APIClient

from samples import vocabulary
from samples.models import Difficulty, Jurisdiction, SampleType, Topic
from samples.tests.factories import make_sample
from samples.tests.people import make_user
from samples.tests.seeding import seed

pytestmark = pytest.mark.django_db

KINDS: dict[str, Any] = {
    "jurisdictions": Jurisdiction,
    "difficulties": Difficulty,
    "sample-types": SampleType,
    "topics": Topic,
}
MOOT = {
    "id": "moot",
    "name": "Moot",
    "focus": "Arguing a point of law",
    "sections": ["Submission"],
    "words": [100, 200],
}


@pytest.fixture(autouse=True)
def seeded():
    seed()


def fields_of(response):
    return response.json()["error"]["fields"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_listed_with_what_is_off(api, kind, django_assert_num_queries):
    KINDS[kind].objects.filter(pk=KINDS[kind].objects.last().pk).update(enabled=False)
    with django_assert_num_queries(1):
        body = api.get(f"/api/taxonomy/{kind}").json()

    assert body["count"] == KINDS[kind].objects.count()
    rows = body[kind.replace("-", "_")]
    assert [row["position"] for row in rows] == list(range(body["count"]))
    assert not rows[-1]["enabled"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_shown_can_be_sent_back_and_changes_nothing(api, kind):
    before = vocabulary.everything()
    for row in api.get(f"/api/taxonomy/{kind}").json()[kind.replace("-", "_")]:
        name = row["topic" if kind == "topics" else "id"]
        response = api.patch(f"/api/taxonomy/{kind}/{name}", row)
        assert (response.status_code, response.json()) == (200, row)

    assert vocabulary.everything() == before


def test_what_is_added_can_be_ordered_and_is_listed_with_the_others(api):
    response = api.post("/api/taxonomy/sample-types", MOOT)

    assert response.status_code == 201
    assert response.json()["position"] == SampleType.objects.count() - 1
    listed = api.get("/api/sample-types").json()["sample_types"][-1]
    assert (listed["id"], listed["answer_words"]) == ("moot", [100, 200])
    assert LogEntry.objects.get().object_repr == "Moot"


def test_a_topic_is_named_by_its_name(api):
    body = {"topic": "Ships / Salvage", "jurisdiction": "uk", "practice_area": "Maritime Law", "difficulty": "expert"}
    assert api.post("/api/taxonomy/topics", body).status_code == 201

    assert api.patch("/api/taxonomy/topics/Ships / Salvage", {"sub_issues": ["reward"]}).status_code == 200
    assert vocabulary.current().topic("Ships / Salvage").sub_issues == ("reward",)
    assert api.get("/api/topics?jurisdiction=scotland").json()["topics"][-1]["topic"] == "Ships / Salvage"


def test_what_is_off_is_no_more_among_what_can_be_ordered(api):
    api.patch("/api/taxonomy/topics/Fraud", {"enabled": False})

    assert "Fraud" not in {topic["topic"] for topic in api.get("/api/topics").json()["topics"]}
    make_sample(topic="Fraud")
    assert api.get("/api/samples?topic=Fraud").json()["count"] == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": "Moot Court"}, "id"),
        ({"id": "simple_qa"}, "id"),
        ({"id": None}, "id"),
        ({"name": 5}, "name"),
        ({"words": [200, 100]}, "words"),
        ({"words": [100]}, "words"),
        ({"words": ["a", "b"]}, "words"),
        ({"words": [True, 3]}, "words"),
        ({"sections": "Submission"}, "sections"),
        ({"wants_date": "yes"}, "wants_date"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_refused_at_the_bodys_own_field(api, changes, field):
    response = api.post("/api/taxonomy/sample-types", {**MOOT, **changes})

    assert response.status_code == 400
    assert {name.partition(".")[0] for name in fields_of(response)} == {field}
    assert not SampleType.objects.filter(name="Moot").exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"jurisdiction": "mars"}, "jurisdiction"),
        ({"local_names": [{"jurisdiction": "us", "name": "x"}]}, "local_names"),
    ],
)
def test_a_reference_to_what_is_not_there_is_refused(api, changes, field):
    response = api.patch("/api/taxonomy/topics/Fraud", changes)

    assert response.status_code == 400
    assert list(fields_of(response)) == [field]


def test_a_term_that_is_not_there_is_told_with_what_is(api):
    response = api.get("/api/taxonomy/difficulties/hard")

    assert response.status_code == 404
    assert "basic" in response.json()["error"]["message"]


def test_a_term_is_moved_beside_another_one(api):
    assert api.put("/api/taxonomy/difficulties/expert/place", {"before": "basic"}).json()["position"] == 0
    assert [entry.id for entry in vocabulary.current().difficulties][:2] == ["expert", "basic"]


@pytest.mark.parametrize(
    ("body", "field"), [({}, "before"), ({"before": "hard"}, "before"), ({"below": "basic"}, "below")]
)
def test_a_place_that_is_none_is_refused(api, body, field):
    response = api.put("/api/taxonomy/difficulties/expert/place", body)

    assert response.status_code == 400
    assert list(fields_of(response)) == [field]


def test_what_has_samples_is_not_deleted(api):
    make_sample(sample_type="simple_qa")

    response = api.delete("/api/taxonomy/sample-types/simple_qa")

    assert response.status_code == 400
    assert "Switch it off" in response.json()["error"]["message"]
    assert api.delete("/api/taxonomy/sample-types/educational").status_code == 204


@pytest.mark.parametrize(
    ("group", "may_read", "may_change"),
    [(None, False, False), ("Viewer", True, False), ("Operator", True, False), ("Admin", True, True)],
)
def test_viewers_read_and_admins_edit(group, may_read, may_change):
    user = make_user("ann")
    if group:
        user.groups.add(Group.objects.get(name=group))
    api = APIClient()
    api.force_authenticate(user)

    answers = [
        api.get("/api/taxonomy/topics").status_code == 200,
        api.patch("/api/taxonomy/topics/Fraud", {"sub_issues": ["intent"]}).status_code == 200,
        api.post("/api/taxonomy/sample-types", MOOT).status_code == 201,
        api.put("/api/taxonomy/difficulties/expert/place", {"before": "basic"}).status_code == 200,
        api.delete("/api/taxonomy/sample-types/moot").status_code == 204,
    ]

    assert answers == [may_read, *[may_change] * 4]
    assert api.get("/api/topics").status_code == 200


def test_nothing_is_shown_without_a_login():
    assert APIClient().get("/api/taxonomy/topics").status_code == 401


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_place_takes_can_be_asked_for_by_who_may_move(api, kind):
    word = KINDS[kind].objects.all()[0].word
    for there in (word, "nowhere"):
        assert api.options(f"/api/taxonomy/{kind}/{there}/place").status_code == 200
