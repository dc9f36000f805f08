"""Looking for duplicates among samples that are there already, and again when one of them goes."""

import threading

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction

from samples import actions
from samples.actions import marking
from samples.models import Band, Sample, Signature
from samples.quality.duplicates.signature import VERSION
from samples.tests.factories import make_sample
from samples.tests.quality.duplicates.texts import clone, draft, with_changes

pytestmark = pytest.mark.django_db


def stored(text):
    return make_sample(
        question=text.question, answer=text.answer, reasoning=text.reasoning, case_citation=text.case_citation
    )


def originals():
    """By sample, which one it repeats."""
    return dict(Sample.objects.filter(text_hash__isnull=False).values_list("pk", "duplicate_of_id"))


def test_copies_and_clones_of_older_samples_are_marked_and_none_is_deleted():
    first, copy, near, other = (
        stored(text) for text in (draft(1), draft(1), with_changes(clone(draft(1)), 0.01, 1), draft(2))
    )
    assert actions.mark_duplicates() == 4
    assert originals() == {first.pk: None, copy.pk: first.pk, near.pk: first.pk, other.pk: None}
    assert set(Band.objects.values_list("sample_id", flat=True)) == {first.pk, other.pk}
    assert Signature.objects.filter(version=VERSION).count() == 4


def test_it_goes_on_where_it_was_stopped(monkeypatch):
    monkeypatch.setattr(marking, "GROUP", 2)
    samples = [stored(draft(number)) for number in (1, 2, 3, 1, 2)]
    assert marking._mark_group() == 2
    assert len(originals()) == 2
    assert actions.mark_duplicates() == 3
    assert originals()[samples[3].pk] == samples[0].pk
    assert actions.mark_duplicates() == 0


def test_where_the_first_of_three_goes_the_second_takes_its_place():
    first, second, third = (stored(draft(1)) for _ in range(3))
    actions.mark_duplicates()
    actions.delete_all(Sample.objects.filter(pk=first.pk))
    assert list(actions.unmarked().order_by("pk")) == [second, third]
    actions.mark_duplicates()
    assert originals() == {second.pk: None, third.pk: second.pk}


def test_what_is_deleted_by_sql_leaves_no_row_behind():
    samples = [stored(draft(number)) for number in range(3)]
    actions.mark_duplicates()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM samples WHERE id = ANY(%s)", [[sample.pk for sample in samples[:2]]])
    assert set(Signature.objects.values_list("pk", flat=True)) == {samples[2].pk}
    assert set(Band.objects.values_list("sample_id", flat=True)) == {samples[2].pk}


def test_what_an_older_version_of_the_algorithm_has_made_is_made_anew(monkeypatch):
    monkeypatch.setattr(marking, "GROUP", 2)
    samples = [stored(draft(number)) for number in (1, 2, 3, 1)]
    actions.mark_duplicates()
    Signature.objects.update(version=VERSION - 1)
    Band.objects.all().delete()
    assert actions.mark_duplicates() == 4
    assert originals()[samples[3].pk] == samples[0].pk
    assert Band.objects.count() == 63


def test_texts_too_short_to_be_compared_are_marked_as_copies_alone():
    first = make_sample()
    copy, other = make_sample(question="what makes a contract"), make_sample(question="What makes a lease?")
    actions.mark_duplicates()
    assert originals() == {first.pk: None, copy.pk: first.pk, other.pk: None}


@pytest.mark.django_db(transaction=True)
def test_a_sample_in_other_hands_is_left_for_the_next_time():
    first, second = stored(draft(1)), stored(draft(2))
    marked = []

    def mark():
        marked.append(actions.mark_duplicates())
        connection.close()

    with transaction.atomic():
        Sample.objects.select_for_update().get(pk=first.pk)
        thread = threading.Thread(target=mark)
        thread.start()
        thread.join(30)
    assert marked == [1]
    assert set(originals()) == {second.pk}
    assert actions.mark_duplicates() == 1


def test_one_process_at_a_time_marks_and_none_where_the_check_is_off(settings):
    stored(draft(1))
    cache.delete("marking")
    settings.CHECK_DUPLICATES = False
    actions.mark_in_turn()
    assert actions.unmarked().count() == 1
    settings.CHECK_DUPLICATES = True
    cache.add("marking", 1, timeout=60)
    actions.mark_in_turn()
    assert actions.unmarked().count() == 1
    cache.delete("marking")
    actions.mark_in_turn()
    assert actions.unmarked().count() == 0


def test_the_command_says_what_it_found(capsys):
    for number in (1, 2, 1):
        stored(draft(number))
    call_command("mark_duplicates")
    told = capsys.readouterr()
    assert told.out == "Looked at 3 samples. In all, 1 samples repeat others.\n"
    assert "looked at 3 of 3 samples" in told.err
