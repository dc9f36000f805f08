"""Which stored samples a draft repeats. One statement for any number of drafts, one more where some may be alike."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from samples.models import Sample
from samples.quality.draft import Draft
from samples.quality.duplicates.clash import Clash, may_be_alike
from samples.quality.duplicates.fingerprint import Fingerprint, fingerprint, similarity

PER_KEY, PER_DRAFT = 100, 16
# Each key is looked up on the index alone, whatever the planner thinks of the table. How many keys are shared says how
# alike two are, so that the likeliest are compared however many share one key. An exact copy comes without a signature.
CANDIDATES = """
    WITH shared AS (
        SELECT number, sample_id, count(*) AS keys
        FROM unnest(%(numbers)s::int[], %(keys)s::bigint[]) AS asked (number, key)
        CROSS JOIN LATERAL (
            SELECT sample_id FROM sample_bands WHERE sample_bands.key = asked.key LIMIT %(per_key)s
        ) AS found
        GROUP BY number, sample_id
    ), ranked AS (
        SELECT number, sample_id, row_number() OVER (PARTITION BY number ORDER BY keys DESC, sample_id) AS place
        FROM shared
    )
    SELECT number, ranked.sample_id, signature FROM ranked JOIN sample_signatures USING (sample_id)
    WHERE place <= %(per_draft)s
    UNION ALL
    SELECT ordinality::int - 1, found.id, NULL FROM unnest(%(hashes)s::uuid[]) WITH ORDINALITY AS asked (hash)
    CROSS JOIN LATERAL (
        SELECT id FROM samples
        WHERE text_hash = asked.hash AND text_hash IS NOT NULL AND duplicate_of_id IS NULL LIMIT 1
    ) AS found
"""


def clashes(drafts: Sequence[Draft]) -> list[Clash | None]:
    """For each draft the sample that it repeats, the most similar one; None where there is none. Locks nothing."""
    fingerprints = [fingerprint(draft) for draft in drafts]
    exact: dict[int, int] = {}
    near: defaultdict[int, list[int]] = defaultdict(list)
    for number, sample_id, signature in _candidates(fingerprints):
        if signature is None:
            exact[number] = sample_id
        elif may_be_alike(fingerprints[number], bytes(signature), settings.DUPLICATE_SIMILARITY):
            near[number].append(sample_id)
    texts = _texts({*exact.values(), *(pk for pks in near.values() for pk in pks)})
    return [
        _exact(exact.get(number), texts) or _nearest(draft, near[number], texts) for number, draft in enumerate(drafts)
    ]


def first_of(drafts: Sequence[Draft], pks: Sequence[int] | None = None) -> list[Clash | None]:
    """As ``clashes``, and also with a draft that stands before it and repeats nothing; ``pks`` are their own keys."""
    found = clashes(drafts)
    by_hash: dict[UUID, int] = {}
    by_key: defaultdict[int, list[int]] = defaultdict(list)
    for number, draft in enumerate(drafts):
        own = fingerprint(draft)
        before = {place: drafts[place] for key in own.keys for place in by_key[key]}
        found[number] = found[number] or _within(draft, by_hash.get(own.text_hash), before, drafts, pks)
        if found[number] is None:
            by_hash[own.text_hash] = number
            for key in own.keys:
                by_key[key].append(number)
    return found


def _candidates(fingerprints: Sequence[Fingerprint]) -> Iterable[tuple[int, int, memoryview | None]]:
    asked = [(number, key) for number, each in enumerate(fingerprints) for key in each.keys]
    parameters: dict[str, Any] = {
        "numbers": [number for number, _ in asked],
        "keys": [key for _, key in asked],
        "hashes": [each.text_hash for each in fingerprints],
        "per_key": PER_KEY,
        "per_draft": PER_DRAFT,
    }
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES, parameters)
        return list(cursor.fetchall())


def _texts(pks: Iterable[int]) -> dict[int, Draft]:
    """Those that are still there."""
    if not (wanted := list(pks)):
        return {}
    rows = Sample.objects.order_by().filter(pk__in=wanted)
    fields = rows.values_list("pk", "question", "answer", "case_citation", "reasoning")
    return {pk: Draft(*texts) for pk, *texts in fields}


def _exact(pk: int | None, texts: dict[int, Draft]) -> Clash | None:
    return Clash(pk, texts[pk].question, is_exact=True) if pk is not None and pk in texts else None


def _nearest(draft: Draft, pks: Iterable[int], texts: dict[int, Draft]) -> Clash | None:
    rated = [(similarity(draft, texts[pk]), pk) for pk in pks if pk in texts]
    best, pk = max(rated, key=lambda each: (each[0], -each[1]), default=(0.0, 0))
    return Clash(pk, texts[pk].question, is_exact=False, similarity=best) if _is_clash(best) else None


def _within(
    draft: Draft, copy: int | None, before: dict[int, Draft], drafts: Sequence[Draft], pks: Sequence[int] | None
) -> Clash | None:
    """With one of the same group."""

    def pk_of(place: int) -> int | None:
        return pks[place] if pks else None

    if copy is not None:
        return Clash(pk_of(copy), drafts[copy].question, is_exact=True)
    rated = [(similarity(draft, other), -place) for place, other in before.items()]
    best, place = max(rated, default=(0.0, 0))
    return Clash(pk_of(-place), drafts[-place].question, is_exact=False, similarity=best) if _is_clash(best) else None


def _is_clash(similarity: float) -> bool:
    return similarity >= settings.DUPLICATE_SIMILARITY
