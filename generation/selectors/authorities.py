"""Which authorities a batch's samples cite, and which of them too many do."""

from dataclasses import dataclass

from django.db import connection

SHARE_MAX = 0.2
"""An authority that more of a batch's samples cite makes them alike."""
SAMPLES_MIN = 10
"""Of fewer samples no share is told."""
FREQUENT_SHOWN = 10

SAMPLES_READ = 20_000
"""Of a longer batch the first ones tell: its items are mixed."""

COUNT = """
WITH read AS (
    SELECT id FROM samples WHERE batch_id = %(batch)s ORDER BY item_number LIMIT %(read)s
), cited AS (
    SELECT sample_citations.key, min(sample_citations.raw) AS raw, count(*) AS samples
    FROM sample_citations JOIN read ON read.id = sample_citations.sample_id
    WHERE NOT sample_citations.is_parallel
    GROUP BY sample_citations.key
), whole AS (
    SELECT count(*) AS samples FROM read
)
SELECT whole.samples, (SELECT count(*) FROM cited), cited.key, cited.raw, cited.samples
FROM whole
LEFT JOIN cited ON whole.samples >= %(least)s AND cited.samples > %(share)s * whole.samples
ORDER BY cited.samples DESC NULLS LAST, cited.key
LIMIT %(shown)s
"""


@dataclass(frozen=True, slots=True)
class FrequentAuthority:
    """``citation`` is one of those that samples have of it; ``share`` is of the batch's samples, 0 to 1."""

    key: str
    citation: str
    samples: int
    share: float


@dataclass(frozen=True, slots=True)
class AuthorityUse:
    """``samples`` were read; ``frequent``: those that more than SHARE_MAX of them cite, the most frequent first."""

    samples: int
    distinct: int
    frequent: tuple[FrequentAuthority, ...]


def authority_use(batch_id: int) -> AuthorityUse:
    """One query, which reads the citations of up to SAMPLES_READ samples: for a page, not for each look at a lane."""
    known = {"batch": batch_id, "read": SAMPLES_READ, "least": SAMPLES_MIN, "share": SHARE_MAX, "shown": FREQUENT_SHOWN}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, known)
        rows = cursor.fetchall()
    samples, distinct = rows[0][:2]
    frequent = [FrequentAuthority(key, raw, count, count / samples) for *_, key, raw, count in rows if key is not None]
    return AuthorityUse(samples, distinct, tuple(frequent))
