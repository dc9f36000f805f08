"""What the admin shows of samples that repeat others."""

import pytest
from django.urls import reverse

from samples import actions
from samples.tests.actions.test_marking import stored
from samples.tests.quality.duplicates.texts import clone, draft, with_changes

pytestmark = pytest.mark.django_db
LIST = reverse("admin:samples_sample_changelist")


@pytest.fixture
def samples():
    """One, its copy, its clone with some other words, and one that repeats none."""
    texts = (draft(1), draft(1), with_changes(clone(draft(1)), 0.01, 1), draft(2))
    found = [stored(text) for text in texts]
    actions.mark_duplicates()
    return [sample.pk for sample in found]


def page(client, pk):
    return client.get(reverse("admin:samples_sample_change", args=[pk])).content.decode()


def test_a_page_says_what_its_sample_repeats_and_how(signed_in, samples):
    assert f">sample {samples[0]}</a>" in page(signed_in, samples[1])
    assert "question and answer in the same words" in page(signed_in, samples[1])
    assert "% the same, names and numbers aside" in page(signed_in, samples[2])
    assert f'href="{LIST}?duplicate_of={samples[0]}">2 samples</a>' in page(signed_in, samples[0])
    assert "Repeat" not in page(signed_in, samples[3])


def test_the_list_marks_them_and_is_narrowed_by_them(signed_in, samples):
    def listed(query):
        shown = signed_in.get(f"{LIST}?{query}")
        return sorted(sample.pk for sample in shown.context["cl"].result_list)

    assert f"Repeats sample {samples[0]}" in signed_in.get(LIST).content.decode()
    assert listed("") == samples
    assert listed("duplicates=only") == listed(f"duplicate_of={samples[0]}") == samples[1:3]
    assert listed("duplicates=without") == [samples[0], samples[3]]
    assert listed("duplicate_of=x") == []


def test_files_leave_them_out_unless_the_filter_asks_for_them(signed_in, samples):
    def exported(query):
        file = signed_in.get(f"{reverse('admin:samples_sample_export')}?format=jsonl&{query}")
        return len(b"".join(file.streaming_content).splitlines())

    assert (exported(""), exported("duplicates=with"), exported("duplicates=only")) == (2, 4, 2)
    assert exported(f"duplicate_of={samples[0]}") == 2
