"""Samples and the taxonomy over the API."""

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from samples.models import Sample
from samples.taxonomy import taxonomy
from samples.tests.factories import make_sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def api():
    client = APIClient()
    client.force_authenticate(User.objects.create_superuser("reader"))
    return client


def ids(response):
    assert response.status_code == 200, response.json()
    return [row["id"] for row in response.json()["samples"]]


def test_a_sample_carries_its_text_and_its_provenance(api):
    sample = make_sample(batch_id=7, item_number=3)

    body = api.get(f"/api/samples/{sample.pk}").json()

    assert body["answer"] == sample.answer
    assert (body["provider"], body["model"], body["batch"], body["item_number"]) == ("groq", "good", 7, 3)
    assert body["tokens"] == 120
    assert body["created_at"].endswith("Z")


def test_a_sample_that_does_not_exist_says_where_the_others_are(api):
    response = api.get("/api/samples/999")

    assert response.status_code == 404
    assert response.json()["error"]["message"] == "There is no sample 999. GET /api/samples lists them."


def test_an_id_beyond_every_integer_is_not_found(api):
    assert api.get(f"/api/samples/{10**30}").status_code == 404


def test_the_newest_sample_comes_first_and_count_is_the_whole_number(api):
    made = [make_sample() for _ in range(3)]

    response = api.get("/api/samples?limit=2")

    assert ids(response) == [made[2].pk, made[1].pk]
    assert response.json()["count"] == 3


def test_offset_goes_on_where_the_page_ended(api):
    made = [make_sample() for _ in range(3)]

    assert ids(api.get("/api/samples?limit=2&offset=2")) == [made[0].pk]
    assert ids(api.get("/api/samples?offset=3")) == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=ten", "limit"),
        ("offset=-1", "offset"),
        ("offset=99999999999999999999", "offset"),
        ("colour=red", "colour"),
        ("jurisdiction=mars", "jurisdiction"),
        ("difficulty=demanding", "difficulty"),
        ("sample_type=poem", "sample_type"),
        ("topic=Astrology", "topic"),
        ("batch=first", "batch"),
        ("search=%00", "search"),
    ],
)
def test_an_unknown_filter_or_value_is_refused_by_name(api, query, field):
    response = api.get(f"/api/samples?{query}")

    assert response.status_code == 400
    error = response.json()["error"]
    assert list(error["fields"]) == [field]
    assert error["message"].startswith(f"{field}: ")


def test_a_refused_value_names_the_known_ones(api):
    message = api.get("/api/samples?jurisdiction=mars").json()["error"]["message"]

    known = "uk, england_wales, scotland, northern_ireland, us, eu, international"
    assert message == f"jurisdiction: 'mars' is not known. Use one of: {known}."


@pytest.mark.parametrize(
    "changes",
    [
        {"jurisdiction": "us"},
        {"topic": "Breach of Contract"},
        {"difficulty": "expert"},
        {"sample_type": "educational"},
        {"provider": "mistral"},
        {"model": "other"},
        {"batch_id": 5},
    ],
)
def test_a_filter_keeps_only_what_matches(api, changes):
    make_sample(batch_id=4)
    wanted = make_sample(**changes)
    [(name, value)] = changes.items()

    response = api.get("/api/samples", {name.removesuffix("_id"): value})

    assert ids(response) == [wanted.pk]
    assert response.json()["count"] == 1


def test_a_topic_outside_the_taxonomy_can_be_filtered_by_once_a_sample_has_it(api):
    wanted = make_sample(topic="Space Law")

    assert ids(api.get("/api/samples?topic=Space Law")) == [wanted.pk]


def test_search_finds_words_in_question_answer_and_citation(api):
    make_sample(question="Who owns a wreck?", answer="The state.", case_citation="none")
    wanted = make_sample(case_citation="Donoghue v Stevenson [1932] AC 562")

    assert ids(api.get("/api/samples?search=donoghue")) == [wanted.pk]


def test_a_list_costs_the_same_queries_however_long(api, django_assert_num_queries):
    for _ in range(20):
        make_sample()

    with django_assert_num_queries(2):
        api.get("/api/samples")


def test_topics_are_those_of_the_taxonomy(api):
    body = api.get("/api/topics").json()

    assert body["count"] == len(body["topics"]) == len(taxonomy().topics)
    assert body["topics"][0] == {
        "jurisdiction": "uk",
        "practice_area": "Contract Law",
        "topic": "Formation of Contracts",
        "difficulty": "intermediate",
    }


def test_topics_can_be_narrowed_to_a_jurisdiction(api):
    topics = api.get("/api/topics?jurisdiction=us").json()["topics"]

    assert {topic["jurisdiction"] for topic in topics} <= {"us"}


@pytest.mark.parametrize("query", ["jurisdiction=mars", "colour=red"])
def test_topics_refuse_an_unknown_filter_or_value(api, query):
    response = api.get(f"/api/topics?{query}")

    assert response.status_code == 400
    assert list(response.json()["error"]["fields"]) == [query.split("=")[0]]


def test_sample_types_say_their_sections(api):
    body = api.get("/api/sample-types").json()

    assert body["count"] == len(taxonomy().sample_types)
    assert body["sample_types"][0]["id"] == "case_analysis"
    assert body["sample_types"][0]["sections"] == ["Issue", "Rule", "Application", "Conclusion"]


def test_sample_types_refuse_every_filter(api):
    response = api.get("/api/sample-types?x=1")

    assert response.status_code == 400
    assert response.json()["error"]["fields"] == {"x": ["There is no such filter. This list takes none."]}


@pytest.mark.parametrize("path", ["samples", "samples/1", "topics", "sample-types"])
def test_nothing_is_shown_without_a_login(path):
    assert APIClient().get(f"/api/{path}").status_code == 401


def test_samples_cannot_be_written_over_the_api(api):
    sample = make_sample()

    assert api.delete(f"/api/samples/{sample.pk}").status_code == 405
    assert api.post("/api/samples", {}).status_code == 405
    assert Sample.objects.count() == 1
