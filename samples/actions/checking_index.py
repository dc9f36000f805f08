"""Whether what duplicates are found by is what the samples say, row by row; and putting it right."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Max

from samples.duplicates import rows
from samples.models import Band, Sample, Signature
from samples.quality.duplicates.signature import VERSION, keys

STRETCH = 2_000
"""Samples that are read at once."""
# One statement sees one state of all three tables, whatever others write meanwhile.
STATE = """
    SELECT id, own.id IS NOT NULL, is_marked, is_unique, version, signature, keys
    FROM (
        SELECT id, text_hash IS NOT NULL AS is_marked, duplicate_of_id IS NULL AS is_unique FROM samples
        WHERE id >= %(start)s AND id < %(end)s
    ) AS own
    FULL JOIN (
        SELECT sample_id AS id, version, signature FROM sample_signatures
        WHERE sample_id >= %(start)s AND sample_id < %(end)s
    ) AS signed USING (id)
    FULL JOIN (
        SELECT sample_id AS id, array_agg(key) AS keys FROM sample_bands
        WHERE sample_id >= %(start)s AND sample_id < %(end)s GROUP BY sample_id
    ) AS banded USING (id)
"""


@dataclass(frozen=True, slots=True)
class Drift:
    """Of a stretch with so many samples: ``gone`` are keys that have left rows behind, ``wrong`` have other rows than
    they should have."""

    samples: int
    gone: frozenset[int]
    wrong: frozenset[int]


def check_index() -> Iterator[Drift]:
    """Stretch by stretch. Samples at which nobody has looked yet should have no rows."""
    last = max(
        Sample.objects.aggregate(last=Max("pk"))["last"] or 0,
        Signature.objects.aggregate(last=Max("sample_id"))["last"] or 0,
        Band.objects.aggregate(last=Max("sample_id"))["last"] or 0,
    )
    for start in range(0, last + 1, STRETCH):
        yield _drift(start, start + STRETCH)


def repair(drift: Drift) -> None:
    """Rows of what is gone are deleted; samples with wrong rows are as if nobody had looked at them."""
    with transaction.atomic():
        rows.lock()
        rows.forget(drift.gone | drift.wrong)


def _drift(start: int, end: int) -> Drift:
    with connection.cursor() as cursor:
        cursor.execute(STATE, {"start": start, "end": end})
        state = cursor.fetchall()
    there = [row for row in state if row[1]]
    gone = (row[0] for row in state if not row[1])
    return Drift(len(there), frozenset(gone), frozenset(row[0] for row in there if not _is_right(*row[2:])))


def _is_right(
    is_marked: bool, is_unique: bool, version: int | None, signature: memoryview | None, found: list[int] | None
) -> bool:
    """What is of another version is made anew when samples are marked."""
    if signature is None or not is_marked:
        return not is_marked and signature is None and not found
    if version != VERSION:
        return True
    due = keys(bytes(signature)) if is_unique and signature else ()
    return sorted(due) == sorted(found or ())
