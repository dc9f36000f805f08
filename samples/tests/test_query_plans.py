"""What reviewers ask of a large table: answered by an index, for any number of samples beside them."""

import pytest
from django.contrib.auth.models import User
from django.db import connection

from samples.admin.queue import Queue
from samples.models import Sample

pytestmark = pytest.mark.django_db
SAMPLES = 20_000
FILL = """
INSERT INTO samples (question, answer, case_citation, reasoning, jurisdiction, practice_area, topic, difficulty,
                     sample_type, provider, model, batch_id, item_number, tokens, created_at, review, review_note,
                     reviewed_by_id)
SELECT 'Q' || n, repeat('An answer. ', 50), 'None', 'Step 1: so.', 'uk', 'Tort Law', 'T' || n %% 50, 'basic',
       'case_analysis', 'groq', 'good', 1, n, 9, now() - n * interval '1 minute',
       CASE n %% 500 WHEN 0 THEN 'rejected' WHEN 1 THEN 'unreviewed' ELSE 'approved' END,
       CASE n %% 500 WHEN 0 THEN 'Invented' ELSE '' END, CASE n %% 500 WHEN 0 THEN %s END
FROM generate_series(1, %s) n
"""


@pytest.fixture
def many():
    ann = User.objects.create_user("ann")
    with connection.cursor() as cursor:
        cursor.execute(FILL, [ann.pk, SAMPLES])
        cursor.execute("ANALYZE samples")


def undecided_of_topic():
    topic = Queue(Sample.objects.filter(topic="T1").order_by("-pk"), 0)
    return topic.samples.filter(review="unreviewed")


@pytest.mark.parametrize(
    "question",
    [
        lambda: Sample.objects.filter(review="rejected")[:50],
        lambda: Sample.objects.filter(review="approved")[:50],
        lambda: Sample.objects.noted()[:50],
        lambda: Sample.objects.filter(reviewed_by__username="ann")[:50],
        lambda: Sample.objects.filter(batch_id=99)[:50],
        lambda: Sample.objects.filter(review="unreviewed")[:5001],
        undecided_of_topic,
        lambda: Sample.objects.matching("invented").filter(review="rejected")[:50],
    ],
    ids=[
        "a rare status",
        "the usual status",
        "noted",
        "a reviewer's",
        "a batch",
        "what is left",
        "a topic",
        "a search",
    ],
)
def test_it_is_answered_by_an_index(many, question):
    plan = question().explain()
    assert "Index" in plan
    assert "Seq Scan on samples" not in plan
