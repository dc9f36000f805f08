"""What duplicates are found by, in the tables: written and forgotten under one lock, the last that a transaction takes.

Whoever holds it waits for no other row's lock, so that no two wait for each other.
"""

from collections.abc import Collection, Mapping

from django.db import connection
from django.db.models import Q

from samples.models import Band, Sample, Signature
from samples.quality.duplicates.fingerprint import Fingerprint
from samples.quality.duplicates.signature import VERSION

LOCK = 0x6C656764756C73
# One statement: its parts write different tables.
WRITE = """
    WITH marked AS (
        INSERT INTO sample_signatures (sample_id, version, signature)
        SELECT sample_id, %(version)s, signature FROM unnest(%(samples)s::bigint[], %(signatures)s::bytea[])
            AS new (sample_id, signature)
        ON CONFLICT (sample_id) DO UPDATE SET version = excluded.version, signature = excluded.signature
    )
    INSERT INTO sample_bands (key, sample_id)
    SELECT key, sample_id FROM unnest(%(keys)s::bigint[], %(owners)s::bigint[]) AS new (key, sample_id)
    ON CONFLICT DO NOTHING
"""


def lock() -> None:
    """Until the transaction ends nobody else looks for duplicates of what he is about to store."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def write(unique: Mapping[int, Fingerprint], repeated: Mapping[int, Fingerprint] | None = None) -> None:
    """By the keys of samples: those that repeat no other get their bands, too. Under the lock."""
    every = {**unique, **(repeated or {})}
    bands = [(key, pk) for pk, fingerprint in unique.items() for key in fingerprint.keys]
    if every:
        with connection.cursor() as cursor:
            cursor.execute(
                WRITE,
                {
                    "version": VERSION,
                    "samples": list(every),
                    "signatures": [fingerprint.signature for fingerprint in every.values()],
                    "keys": [key for key, _ in bands],
                    "owners": [pk for _, pk in bands],
                },
            )


def forget(pks: Collection[int]) -> None:
    """Nobody has looked at these samples, nor at those that are marked as duplicates of them. Under the lock."""
    Band.objects.filter(sample_id__in=pks).delete()
    Signature.objects.filter(sample_id__in=pks).delete()
    Sample.objects.filter(Q(pk__in=pks) | Q(duplicate_of__in=pks)).update(text_hash=None, duplicate_of=None)
