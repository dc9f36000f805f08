"""Looking for duplicates among samples at which nobody has looked: those of older versions, and of other ways in.

In groups, each for itself, so that it may end anywhere and go on at any time.
"""

import logging
import time

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from redis import RedisError

from samples.duplicates import rows
from samples.duplicates.lookup import first_of
from samples.duplicates.saving import draft_of
from samples.models import Sample, Signature
from samples.quality.duplicates.fingerprint import fingerprint
from samples.quality.duplicates.signature import VERSION

GROUP = 100
"""Who saves new samples waits while one group is marked."""

WITHIN_S, TURN_S = 2.0, 4

logger = logging.getLogger(__name__)


def mark_duplicates(within_s: float | None = None) -> int:
    """Mark until none is left, or the time is over; at how many it looked. Nothing is deleted."""
    started, count = time.monotonic(), 0
    while within_s is None or time.monotonic() - started < within_s:
        if _forget_group():
            continue
        if not (marked := _mark_group()):
            break
        count += marked
    return count


def mark_in_turn() -> None:
    """Mark for a moment, unless somebody does so just now or the check is switched off."""
    if not settings.CHECK_DUPLICATES or not (unmarked().exists() or outdated().exists()):
        return
    try:
        is_our_turn = cache.add("marking", 1, timeout=TURN_S)
    except RedisError:
        return
    if is_our_turn and (count := mark_duplicates(within_s=WITHIN_S)):
        logger.info("looked for duplicates of %s samples", count)


def unmarked() -> QuerySet[Sample]:
    return Sample.objects.filter(text_hash=None)


def outdated() -> QuerySet[Signature]:
    """What an older version of the algorithm has made, which says nothing to this one."""
    return Signature.objects.filter(version__lt=VERSION)


def _forget_group() -> int:
    pks = list(outdated().values_list("pk", flat=True)[:GROUP])
    if not pks:
        return 0
    with transaction.atomic():
        rows.lock()
        return rows.forget(pks)


def _mark_group() -> int:
    """At how many samples it looked. Those that somebody else has locked are left for the next time."""
    samples = {sample.pk: draft_of(sample) for sample in unmarked().order_by("pk")[:GROUP]}
    for draft in samples.values():
        fingerprint(draft)  # before the lock: it takes longer than all that follows
    with transaction.atomic():
        rows.lock()
        free = unmarked().filter(pk__in=samples).order_by("pk").select_for_update(no_key=True, skip_locked=True)
        pks = list(free.values_list("pk", flat=True))
        found = first_of([samples[pk] for pk in pks], pks)
        originals = {pk: clash.sample_id for pk, clash in zip(pks, found, strict=True) if clash}
        staying = _locked({pk for pk in originals.values() if pk} - set(pks)) | set(pks)
        settled = [pk for pk in pks if originals.get(pk, pk) in staying]
        rows.mark({pk: fingerprint(samples[pk]) for pk in settled}, originals)
    return len(settled)


def _locked(pks: set[int]) -> set[int]:
    """Those of the samples that nobody can delete before this transaction ends."""
    samples = Sample.objects.filter(pk__in=pks).order_by("pk").select_for_update(no_key=True, skip_locked=True)
    return set(samples.values_list("pk", flat=True))
