"""The taxonomy as people have set it: read from its rows, kept, and seen as soon as it changes."""

import pytest
from django.db import transaction

from samples import actions, vocabulary
from samples.models import Difficulty, Edition, Jurisdiction, SampleType, Topic
from samples.taxonomy import taxonomy
from samples.tests.seeding import seed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def seeded():
    seed()


def test_the_rows_begin_as_the_taxonomy_that_comes_with_the_project():
    assert vocabulary.current() == taxonomy()
    assert vocabulary.everything() == taxonomy()


def test_seeding_again_leaves_what_people_have_made_of_it():
    SampleType.objects.filter(word="educational").update(name="Teaching")
    Topic.objects.filter(word="Fraud").delete()

    seed()

    assert vocabulary.current().sample_type("educational").name == "Teaching"
    assert vocabulary.current().topic("Fraud") is None


def test_a_change_is_seen_at_once_whoever_wrote_it():
    assert vocabulary.current().sample_type("educational").name != "Teaching"

    SampleType.objects.filter(word="educational").update(name="Teaching")

    assert vocabulary.current().sample_type("educational").name == "Teaching"


def test_what_was_read_of_a_change_that_was_rolled_back_is_not_kept():
    with transaction.atomic():
        Difficulty.objects.filter(word="basic").update(complexity="one")
        assert vocabulary.current().difficulty("basic").complexity == "one"
        transaction.set_rollback(True)
    Difficulty.objects.filter(word="basic").update(complexity="two")

    assert vocabulary.current().difficulty("basic").complexity == "two"


def test_while_nothing_changes_one_small_query_is_asked(django_assert_num_queries):
    vocabulary.current()

    with django_assert_num_queries(1):
        vocabulary.current()


def test_where_nothing_was_seeded_it_is_the_one_that_comes_with_the_project():
    Jurisdiction.objects.update(part_of=None)
    for table in (Topic, Difficulty, SampleType, Jurisdiction):
        table.objects.all().delete()

    assert vocabulary.current() == taxonomy()


def test_what_is_off_can_not_be_ordered_and_keeps_its_name():
    Jurisdiction.objects.filter(word="eu").update(enabled=False)

    assert "eu" not in {entry.id for entry in vocabulary.current().jurisdictions}
    assert not [topic for topic in vocabulary.current().topics if topic.jurisdiction == "eu"]
    assert vocabulary.everything().jurisdiction("eu").name == "European Union"


def test_an_edition_is_kept_once_and_stays_as_it_was(django_assert_num_queries):
    first = actions.keep_edition(vocabulary.current())
    assert actions.keep_edition(vocabulary.current()) == first
    before = vocabulary.current()
    Jurisdiction.objects.filter(word="eu").update(enabled=False)
    second = actions.keep_edition(vocabulary.current())

    assert second != first
    assert Edition.objects.count() == 2
    assert vocabulary.edition(first) == before
    with django_assert_num_queries(0):
        vocabulary.edition(first)


def test_a_batch_from_before_there_were_editions_keeps_to_what_came_with_the_project():
    assert vocabulary.edition(None) == taxonomy()
