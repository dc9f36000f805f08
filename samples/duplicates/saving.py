"""Storing new samples, each but once."""

from collections.abc import Sequence

from django.conf import settings
from django.db import IntegrityError, transaction

from samples.duplicates import rows
from samples.duplicates.lookup import first_of
from samples.models import Sample
from samples.quality.draft import Draft
from samples.quality.duplicates.clash import Clash
from samples.quality.duplicates.fingerprint import fingerprint


def save_unique(samples: Sequence[Sample]) -> list[Clash | None]:
    """Store the samples that repeat none, which get their keys; for each of the others what it repeats.

    Inside a transaction, after which nothing but rows that are locked already is written. Where the check is switched
    off, all are stored and nobody has looked at them.
    """
    if not samples:
        return []
    if not settings.CHECK_DUPLICATES:
        Sample.objects.bulk_create(samples)
        return [None] * len(samples)
    drafts = [draft_of(sample) for sample in samples]
    rows.lock()
    found = first_of(drafts)
    new = [sample for sample, clash in zip(samples, found, strict=True) if clash is None]
    _store(new)
    rows.write({sample.pk: fingerprint(draft_of(sample)) for sample in new if sample.pk})
    return [
        clash or (None if sample.pk else Clash(None, sample.question, is_exact=True))
        for sample, clash in zip(samples, found, strict=True)
    ]


def draft_of(sample: Sample) -> Draft:
    return Draft(sample.question, sample.answer, sample.case_citation, sample.reasoning)


def _store(samples: Sequence[Sample]) -> None:
    """One that the table refuses, as somebody stored it who did not take the lock, must not take the others along: it
    is left without a key."""
    for sample in samples:
        sample.text_hash = fingerprint(draft_of(sample)).text_hash
    try:
        with transaction.atomic():
            Sample.objects.bulk_create(samples)
    except IntegrityError:
        _store_what_is_new(samples)


def _store_what_is_new(samples: Sequence[Sample]) -> None:
    """The database does not tell the keys of rows of which it may pass some by."""
    Sample.objects.bulk_create(samples, ignore_conflicts=True)
    found = Sample.objects.unique().filter(text_hash__in=[sample.text_hash for sample in samples]).order_by()
    told = found.values_list("pk", "text_hash", "batch_id", "item_number")
    stored = {(text_hash, batch_id, number): pk for pk, text_hash, batch_id, number in told}
    for sample in samples:
        sample.pk = stored.get((sample.text_hash, sample.batch_id, sample.item_number))
