"""What a new user does first."""

from dataclasses import dataclass

from django.urls import reverse

from generation.models import Batch
from providers.models import Provider
from samples.choices import ReviewStatus
from samples.models import Sample

# Asked for as a list: an index finds one of these, not the lack of the other.
DECIDED = [status for status in ReviewStatus if status is not ReviewStatus.UNREVIEWED]


@dataclass(frozen=True, slots=True)
class FirstStep:
    name: str
    why: str
    url: str
    is_done: bool


def steps(providers: list[Provider]) -> list[FirstStep]:
    """In their order; none where all are done. Two queries at most."""
    needed = next((provider for provider in providers if provider.lacks_key), None)
    listed = [
        FirstStep(
            "Add a key",
            "Paste the API key of a provider that you have an account with. It is stored encrypted.",
            reverse("admin:providers_provider_change", args=[needed.pk])
            if needed
            else reverse("admin:providers_provider_changelist"),
            any(provider.enabled and not provider.lacks_key for provider in providers),
        ),
        FirstStep(
            "Start a batch",
            "Say how many samples you want, and of what. Twenty are a good first try.",
            reverse("admin:generation_batch_add"),
            Batch.objects.exists(),
        ),
        FirstStep(
            "Review the samples",
            "Read what was made; approve what is good enough to train on.",
            reverse("admin:samples_sample_changelist"),
            Sample.objects.filter(review__in=DECIDED).exists(),
        ),
    ]
    return [] if all(step.is_done for step in listed) else listed
