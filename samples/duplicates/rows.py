"""What duplicates are found by, in the tables: written and forgotten under one lock.

Whoever has it locks no row that another transaction may hold, or passes such rows by: so no two wait for each other.
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


MARK = """
    UPDATE samples SET text_hash = new.text_hash, duplicate_of_id = new.original
    FROM unnest(%(samples)s::bigint[], %(hashes)s::uuid[], %(originals)s::bigint[]) AS new (id, text_hash, original)
    WHERE samples.id = new.id
"""


def lock() -> None:
    """Until the transaction ends nobody else looks for duplicates of what he is about to store."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def write(fingerprints: Mapping[int, Fingerprint], repeated: Collection[int] = ()) -> None:
    """By the keys of samples: those that are not ``repeated`` get their bands, too. Under the lock."""
    if not fingerprints:
        return
    bands = [(key, pk) for pk, each in fingerprints.items() if pk not in repeated for key in each.keys]
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE,
            {
                "version": VERSION,
                "samples": list(fingerprints),
                "signatures": [each.signature for each in fingerprints.values()],
                "keys": [key for key, _ in bands],
                "owners": [pk for _, pk in bands],
            },
        )


def mark(fingerprints: Mapping[int, Fingerprint], originals: Mapping[int, int | None]) -> None:
    """Somebody has looked at these samples, of which some repeat others. Under the lock and those of all these rows."""
    if not fingerprints:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            MARK,
            {
                "samples": list(fingerprints),
                "hashes": [each.text_hash for each in fingerprints.values()],
                "originals": [originals.get(pk) for pk in fingerprints],
            },
        )
    write(fingerprints, originals.keys())


def forget(pks: Collection[int]) -> int:
    """Nobody has looked at these samples, nor at those that are marked as their duplicates; how many of them it were.

    Under the lock. Samples that somebody else has locked are passed by; of those that are gone, what they left goes.
    """
    samples = Sample.objects.filter(Q(pk__in=pks) | Q(duplicate_of__in=pks)).order_by("pk")
    free = set(samples.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True))
    gone = set(pks) - set(Sample.objects.filter(pk__in=pks).values_list("pk", flat=True))
    Band.objects.filter(sample_id__in=free | gone).delete()
    Signature.objects.filter(sample_id__in=free | gone).delete()
    Sample.objects.filter(pk__in=free).update(text_hash=None, duplicate_of=None)
    return len((free | gone) & set(pks))
