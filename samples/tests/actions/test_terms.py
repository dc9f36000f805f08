"""Terms of the taxonomy added, changed, switched, moved and deleted; and what is refused, with the remedy."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from samples import actions, vocabulary
from samples.models import Difficulty, Jurisdiction, SampleType, Topic
from samples.tests.factories import make_sample
from samples.tests.seeding import seed

pytestmark = pytest.mark.django_db

NEW_TYPE = {"word": "moot", "name": "Moot", "focus": "Arguing a point of law", "sections": ["Submission", "Reply"]}
NEW_TOPIC = {"word": "Drones", "jurisdiction": "uk", "practice_area": "Aviation Law", "difficulty": "expert"}


@pytest.fixture(autouse=True)
def seeded():
    seed()


def pk_of(table, word):
    return table.objects.get(word=word).pk


def refused(act, *args, **kwargs):
    with pytest.raises(ValidationError) as error:
        act(*args, **kwargs)
    return error.value.message_dict if hasattr(error.value, "error_dict") else {"": error.value.messages}


def words(table):
    return list(table.objects.values_list("word", flat=True))


def test_what_is_added_stands_last_and_can_be_ordered():
    actions.add_term(SampleType, NEW_TYPE)

    assert vocabulary.current().sample_types[-1].sections == ("Submission", "Reply")


def test_a_topic_is_added_under_its_jurisdiction():
    actions.add_term(Topic, NEW_TOPIC)

    topic = vocabulary.current().topics[-1]
    assert (topic.name, topic.jurisdiction, topic.difficulty) == ("Drones", "uk", "expert")


@pytest.mark.parametrize(
    ("table", "values", "field", "remedy"),
    [
        (SampleType, {**NEW_TYPE, "word": "Moot Court"}, "word", "small letters"),
        (SampleType, {**NEW_TYPE, "word": "simple_qa"}, "word", "Choose another"),
        (SampleType, {**NEW_TYPE, "aliases": ["Simple_QA"]}, "aliases", "Choose another"),
        (SampleType, {**NEW_TYPE, "words": [200, 100]}, "words", "Swap them"),
        (SampleType, {**NEW_TYPE, "words": [200, None]}, "words", "the least and the most"),
        (SampleType, {**NEW_TYPE, "words": [200]}, "words", "two numbers"),
        (SampleType, {**NEW_TYPE, "colour": "red"}, "colour", "Use: "),
        (Topic, {**NEW_TOPIC, "jurisdiction": "mars"}, "jurisdiction", "Use: uk"),
        (Topic, {**NEW_TOPIC, "difficulty": "hard"}, "difficulty", "Use: basic"),
        (Topic, {**NEW_TOPIC, "only_in": ["us"]}, "only_in", "england_wales"),
        (Topic, {**NEW_TOPIC, "local_names": ["x"]}, "local_names", "list of objects"),
        (
            Jurisdiction,
            {"word": "orkney", "name": "Orkney", "legal_system": "x", "part_of": "scotland"},
            "part_of",
            "whole",
        ),
        (
            Jurisdiction,
            {"word": "ireland", "name": "Ireland", "legal_system": "x", "language": "!"},
            "language",
            "en-GB",
        ),
    ],
)
def test_what_is_wrong_is_refused_at_its_field_with_the_remedy(table, values, field, remedy):
    before = words(table)

    assert remedy in " ".join(refused(actions.add_term, table, values)[field])
    assert words(table) == before


def test_open_bounds_have_no_most():
    actions.change_term(SampleType, pk_of(SampleType, "simple_qa"), {"citations": [2, None]})

    assert vocabulary.current().sample_type("simple_qa").citations == (2, None)


def test_a_change_leaves_all_else_as_it_is():
    before = vocabulary.current().sample_type("educational")

    actions.change_term(SampleType, pk_of(SampleType, "educational"), {"name": "Teaching"})

    after = vocabulary.current().sample_type("educational")
    assert (after.name, after.sections, after.focus) == ("Teaching", before.sections, before.focus)


def test_a_word_can_be_changed_until_a_sample_has_it():
    row = actions.add_term(SampleType, NEW_TYPE)
    actions.change_term(SampleType, row.pk, {"word": "moot_court"})
    make_sample(sample_type="moot_court")

    assert "switch this one off" in refused(actions.change_term, SampleType, row.pk, {"word": "moot"})["word"][0]
    actions.change_term(SampleType, row.pk, {"name": "Moot court"})


def test_what_has_samples_is_switched_off_not_deleted():
    row = actions.add_term(SampleType, NEW_TYPE)
    make_sample(sample_type="moot")

    assert "Switch it off" in refused(actions.delete_term, SampleType, row.pk)[""][0]
    assert not actions.switch_term(SampleType, row.pk, False).enabled


@pytest.mark.parametrize(("table", "word"), [(Jurisdiction, "uk"), (Jurisdiction, "us"), (Difficulty, "expert")])
def test_what_others_refer_to_is_not_deleted(table, word):
    assert "Switch it off" in refused(actions.delete_term, table, pk_of(table, word))[""][0]


def test_what_nothing_has_is_deleted_and_the_others_close_up():
    actions.delete_term(SampleType, pk_of(SampleType, "case_analysis"))

    assert "case_analysis" not in words(SampleType)
    assert list(SampleType.objects.values_list("position", flat=True)) == list(range(SampleType.objects.count()))


def test_the_last_one_that_is_on_stays_on():
    SampleType.objects.exclude(word="simple_qa").update(enabled=False)
    pk = pk_of(SampleType, "simple_qa")

    assert "Switch another one on" in refused(actions.switch_term, SampleType, pk, False)["enabled"][0]
    assert "Switch another one on" in refused(actions.delete_term, SampleType, pk)["enabled"][0]
    assert SampleType.objects.get(pk=pk).enabled


def test_a_row_is_moved_beside_another_one_and_the_order_is_that_of_the_taxonomy():
    first, second, third = words(Difficulty)[:3]

    moved = actions.move_term(Difficulty, pk_of(Difficulty, third), before=pk_of(Difficulty, first))

    assert words(Difficulty)[:3] == [third, first, second]
    assert [entry.id for entry in vocabulary.current().difficulties][:3] == [third, first, second]
    assert moved.now.keys != moved.was.keys


def test_an_undo_of_an_order_that_somebody_has_changed_is_refused():
    keys = actions.places_of(Difficulty).keys
    mark = actions.places_of(Difficulty).mark
    actions.move_term(Difficulty, keys[0], after=keys[1])

    with pytest.raises(actions.OutdatedOrderError):
        actions.move_term(Difficulty, keys[2], after=keys[0], only_from=mark)


def test_a_move_beside_what_is_not_there_is_refused():
    assert refused(actions.move_term, Difficulty, pk_of(Difficulty, "basic"), after=0)["after"]
    assert refused(actions.move_term, Difficulty, pk_of(Difficulty, "basic"))["before"]


def test_the_log_says_who_changed_what():
    ann = User.objects.create(username="ann")
    actions.change_term(SampleType, pk_of(SampleType, "educational"), {"name": "Teaching"}, by=ann)
    actions.change_term(SampleType, pk_of(SampleType, "educational"), {"name": "Teaching"}, by=ann)

    [entry] = LogEntry.objects.all()
    assert (entry.user, entry.object_repr) == (ann, "Teaching")
    assert entry.get_change_message() == "name: Educational/Law Teaching → Teaching."
