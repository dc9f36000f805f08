"""Drift between samples and what their duplicates are found by is seen, named and repaired."""

import pytest
from django.core.management import CommandError, call_command

from samples import actions
from samples.models import Band, Sample, Signature
from samples.tests.actions.test_marking import stored
from samples.tests.quality.duplicates.texts import draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def samples():
    """Two that repeat none, one that repeats the first, and one at which nobody has looked."""
    found = [stored(draft(number)) for number in (1, 2, 1)]
    actions.mark_duplicates()
    return [*found, stored(draft(4))]


SPOILING = {
    "a band is lost": lambda first, second, copy, new: (
        Band.objects.filter(sample=first).order_by("key").first().delete()
    ),
    "a band is another": lambda first, second, copy, new: Band.objects.filter(sample=first).update(key=7),
    "a signature is lost": lambda first, second, copy, new: Signature.objects.filter(sample=first).delete(),
    "a copy has bands": lambda first, second, copy, new: Band.objects.create(key=1, sample=copy),
    "nobody has looked": lambda first, second, copy, new: Band.objects.create(key=1, sample=new),
    "a mark is lost": lambda first, second, copy, new: Sample.objects.filter(pk=second.pk).update(text_hash=None),
}


def spoil_one_band(first, *_):
    band = Band.objects.filter(sample=first).order_by("key").first()
    Band.objects.filter(sample=first, key=band.key).update(key=band.key ^ 1)


SPOILING["a band is another"] = spoil_one_band


def drift():
    found = list(actions.check_index())
    return frozenset().union(*(each.gone for each in found)), frozenset().union(*(each.wrong for each in found))


def test_what_was_marked_and_deleted_in_the_usual_ways_has_not_drifted(samples, capsys):
    actions.delete_all(Sample.objects.filter(pk=samples[0].pk))
    call_command("check_index")
    assert capsys.readouterr().out.splitlines() == [
        "Checked 3 samples.",
        "Nobody has looked at 2 of them yet: manage.py mark_duplicates does.",
        "Nothing has drifted.",
    ]


@pytest.mark.parametrize("what", SPOILING)
def test_one_sample_whose_rows_are_wrong_is_named_and_repaired(samples, what, capsys):
    SPOILING[what](*samples)
    _, [wrong] = drift()
    with pytest.raises(CommandError, match=f"wrong rows: {wrong}. Run it with --repair"):
        call_command("check_index")
    call_command("check_index", repair=True)
    assert "Repaired." in capsys.readouterr().out
    assert drift() == (frozenset(), frozenset())
    assert dict(Sample.objects.values_list("pk", "duplicate_of")) == {
        sample.pk: samples[0].pk if sample == samples[2] else None for sample in samples
    }


def test_rows_of_a_sample_that_is_gone_are_named_and_go(samples):
    Band.objects.create(key=5, sample_id=9_999)
    Signature.objects.create(sample_id=9_998, version=1, signature=b"")
    assert drift() == ({9_998, 9_999}, frozenset())
    call_command("check_index", repair=True)
    assert drift() == (frozenset(), frozenset())
