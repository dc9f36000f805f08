"""Which sample another one repeats, and how many repeat it, as its page says."""

from dataclasses import dataclass

from django.urls import reverse

from samples.duplicates.saving import draft_of
from samples.models import Sample
from samples.quality.duplicates.fingerprint import fingerprint, similarity


@dataclass(frozen=True, slots=True)
class Repetition:
    """``original`` is None where it is the sample itself; ``count`` samples repeat it then."""

    original: int | None = None
    how: str = ""
    count: int = 0
    list_url: str = ""

    @property
    def original_url(self) -> str:
        return reverse("admin:samples_sample_change", args=[self.original])


def repetition_of(sample: Sample) -> Repetition | None:
    """None where it repeats none and none repeats it."""
    if sample.duplicate_of is not None:
        return Repetition(sample.duplicate_of.pk, _how(sample, sample.duplicate_of))
    count = sample.duplicates.count()
    url = f"{reverse('admin:samples_sample_changelist')}?duplicate_of={sample.pk}"
    return Repetition(count=count, list_url=url) if count else None


def _how(sample: Sample, original: Sample) -> str:
    one, other = draft_of(sample), draft_of(original)
    if fingerprint(one).text_hash == fingerprint(other).text_hash:
        return "question and answer in the same words"
    return f"{similarity(one, other):.0%} the same, names and numbers aside"
