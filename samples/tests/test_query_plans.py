"""What reviewers ask of a large table: answered by an index, for any number of samples beside them."""

from dataclasses import dataclass

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction

from samples.admin.queue import Queue
from samples.models import Sample

pytestmark = pytest.mark.django_db
SAMPLES = 20_000
FILL = """
INSERT INTO samples (question, answer, case_citation, reasoning, jurisdiction, practice_area, topic, difficulty,
                     sample_type, provider, model, batch_id, item_number, tokens, created_at, review, review_note,
                     reviewed_by_id, score, findings)
SELECT 'Q' || n, repeat('An answer. ', 20), 'None', 'Step 1: so.', 'uk', 'Tort Law', 'T' || n %% 50, 'basic',
       'case_analysis', 'groq', 'good', 1, n, 9, now() - n * interval '1 minute',
       CASE n %% 500 WHEN 0 THEN 'rejected' WHEN 1 THEN 'unreviewed' ELSE 'approved' END,
       CASE n %% 500 WHEN 0 THEN 'Invented' ELSE '' END, CASE n %% 500 WHEN 0 THEN %s END,
       n %% 1000 / 1000.0, CASE n %% 500 WHEN 0 THEN '[{"rule": "filler"}]'::jsonb END
FROM generate_series(1, %s) n
"""


QUESTIONS = {
    "a rare status": lambda: Sample.objects.filter(review="rejected")[:50],
    "the usual status": lambda: Sample.objects.filter(review="approved")[:50],
    "noted": lambda: Sample.objects.noted()[:50],
    "a reviewer's": lambda: Sample.objects.filter(reviewed_by__username="ann")[:50],
    "a batch": lambda: Sample.objects.filter(batch_id=99)[:50],
    "a low score": lambda: Sample.objects.filter(score__lt=0.005)[:50],
    "by score": lambda: Sample.objects.order_by("score")[:50],
    "a broken rule": lambda: Sample.objects.flagged("filler")[:50],
    "any broken rule": lambda: Sample.objects.flagged("any")[:50],
    "what is left": lambda: Sample.objects.filter(review="unreviewed")[:5001],
    "a topic": lambda: Queue(Sample.objects.filter(topic="T1").order_by("-pk"), 0).samples.filter(review="unreviewed"),
    "a search": lambda: Sample.objects.matching("invented").filter(review="rejected")[:50],
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of all questions over one fill: it takes seconds, and no question changes it."""

    plans: dict[str, str]
    found: int
    counting_plans: list[str]
    has_seqscan: bool


@pytest.fixture(scope="module")
def asked(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        fill()
        plans = {name: question().explain() for name, question in QUESTIONS.items()}
        found, counting_plans = counted()
        told = Asked(plans, found, counting_plans, setting("enable_seqscan") == "on")
        transaction.set_rollback(True)
    return told


def fill():
    ann = User.objects.create_user("ann")
    with connection.cursor() as cursor:
        cursor.execute(FILL, [ann.pk, SAMPLES])
        cursor.execute("ANALYZE samples")


def setting(name):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return cursor.fetchone()[0]


def counted():
    """How many a search finds, and the plan by which they were counted."""
    plans = []

    def planned(execute, sql, params, many, context):
        if "COUNT(*)" in sql:
            with connection.connection.cursor() as cursor:
                plans.append(str(cursor.execute(f"EXPLAIN {sql}", params).fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(planned):
        return Sample.objects.matching("answer")[:5001].count(), plans


@pytest.mark.parametrize("name", QUESTIONS)
def test_it_is_answered_by_an_index(asked, name):
    assert "Index" in asked.plans[name]
    assert "Seq Scan on samples" not in asked.plans[name]


def test_to_count_what_a_search_finds_changes_no_plan_of_others(asked):
    assert asked.found == 5001
    assert asked.has_seqscan


def test_what_a_search_finds_is_counted_on_its_index(asked):
    assert "samples_search" in asked.counting_plans[0]
    assert "Seq Scan" not in asked.counting_plans[0]
