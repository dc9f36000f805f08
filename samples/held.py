"""Which words samples hold, found by leaping over an index: a table of millions holds few different ones."""

from collections import defaultdict
from collections.abc import Mapping

from django.db import connection

FIELDS = ("jurisdiction", "difficulty", "sample_type")
LEAPS = """
(WITH RECURSIVE held AS (
    (SELECT {field} AS word FROM samples ORDER BY {field} LIMIT 1)
    UNION ALL
    SELECT (SELECT {field} FROM samples WHERE {field} > held.word ORDER BY {field} LIMIT 1)
    FROM held WHERE held.word IS NOT NULL)
SELECT '{field}', word FROM held WHERE word IS NOT NULL)
"""


def words_held() -> Mapping[str, list[str]]:
    """By field. One query."""
    held: defaultdict[str, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(LEAPS.format(field=field) for field in FIELDS))
        for field, word in cursor.fetchall():
            held[field].append(word)
    return held
