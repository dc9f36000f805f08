"""Why items of a batch failed for good: by the rules that their answers broke, or by how their calls ended."""

from django.db import connection

from generation.choices import OUTCOMES
from generation.engine.shortfall import Reason, Shortfall
from generation.models import Batch
from generation.selectors.failed_items import NO_CALL
from providers.llm.errors import ErrorKind

UNREADABLE = "unreadable"
EXAMPLE_CHARS = 300
COUNTED = 5_000
NAMES = {**dict(OUTCOMES), UNREADABLE: "Could not be read", NO_CALL: "No call was made"}

# Of an item that had a rejected answer each rule that one of them broke; of any other one how its last call ended. An
# answer that broke no rule could not be read.
READ = """
WITH short AS MATERIALIZED (
    SELECT id, number, failure FROM items WHERE batch_id = %(batch)s AND status = 'failed'
    ORDER BY number LIMIT %(most)s
), rejected AS (
    SELECT short.id, number, attempts.id AS call, found.key AS code, coalesce(found.value, detail) AS said
    FROM short JOIN attempts ON attempts.item_id = short.id AND attempts.outcome = %(bad)s
    LEFT JOIN LATERAL jsonb_each_text(attempts.rules) AS found ON true
), other AS (
    SELECT short.id, number, last.id AS call, coalesce(last.outcome, %(no_call)s) AS code, failure AS said
    FROM short LEFT JOIN LATERAL (
        SELECT id, outcome FROM attempts WHERE item_id = short.id ORDER BY id DESC LIMIT 1
    ) AS last ON true
    WHERE NOT EXISTS (SELECT FROM rejected WHERE rejected.id = short.id)
)
SELECT coalesce(code, %(unreadable)s), count(DISTINCT id), count(DISTINCT call),
       (array_agg(number ORDER BY call DESC))[1], (array_agg(left(said, %(chars)s) ORDER BY call DESC))[1]
FROM (SELECT * FROM rejected UNION ALL SELECT * FROM other) AS reason
GROUP BY code ORDER BY 2 DESC, 3 DESC, 1
"""


def shortfall_of(batch: Batch) -> Shortfall | None:
    """One query over its first failed items, and none where no item has failed; None then."""
    if not batch.failed:
        return None
    values: dict[str, int | str] = {
        "batch": batch.pk,
        "most": COUNTED,
        "bad": ErrorKind.BAD_OUTPUT.value,
        "no_call": NO_CALL,
        "unreadable": UNREADABLE,
        "chars": EXAMPLE_CHARS,
    }
    with connection.cursor() as cursor:
        cursor.execute(READ, values)
        reasons = tuple(Reason(code, name_of(code), *rest) for code, *rest in cursor.fetchall())
    return Shortfall(batch.count, batch.generated, batch.failed, min(batch.failed, COUNTED), reasons)


def name_of(code: str) -> str:
    """A rule's own name, or that of the outcome of a call, as people read it."""
    return NAMES.get(code) or code.replace("_", " ").replace("-", " ").capitalize()
