"""Deleting samples, however many."""

from django.db import transaction
from django.db.models import QuerySet

from samples.models import Sample

CHUNK = 1_000


def delete_all(samples: QuerySet[Sample]) -> int:
    """Throw them away, with their reviews, and say how many they were. In groups: what is gone stays gone.

    Their items stay done: a batch does not make them again.
    """
    pks = list(samples.order_by("pk").values_list("pk", flat=True))
    count = 0
    for start in range(0, len(pks), CHUNK):
        with transaction.atomic():
            _, rows = Sample.objects.filter(pk__in=pks[start : start + CHUNK]).delete()
        count += rows.get(Sample._meta.label, 0)
    return count
