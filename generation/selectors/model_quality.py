"""How good each model's answers are: the share that was accepted, of all of them and of the first ones to an item.

Wrong answers count here, not against its breaker.
"""

from dataclasses import dataclass

from django.db import connection

from generation.choices import OK_OUTCOME
from providers.llm.errors import ErrorKind

DAYS = 7
CALLS_READ = 1_000

# The index on provider, model and time is walked backwards for each model, and no further than the limit: what this
# reads grows with the number of models, not with the ledger.
COUNT = """
SELECT models.id, models.provider_id, models.model_id,
       count(*) FILTER (WHERE recent.outcome = %(ok)s),
       count(*) FILTER (WHERE recent.outcome = %(bad)s),
       count(*) FILTER (WHERE recent.is_first_answer),
       count(*) FILTER (WHERE recent.is_first_answer AND recent.outcome = %(ok)s)
FROM models
JOIN providers ON providers.id = models.provider_id
LEFT JOIN LATERAL (
    SELECT outcome, is_first_answer FROM attempts
    WHERE attempts.provider = models.provider_id AND attempts.model = models.model_id
      AND attempts.started_at > now() - make_interval(days => %(days)s)
    ORDER BY attempts.started_at DESC
    LIMIT %(limit)s
) AS recent ON true
WHERE %(pk)s::bigint IS NULL OR models.id = %(pk)s
GROUP BY models.id, providers."order"
ORDER BY providers."order", models.fallback_priority
"""


def share(accepted: int, bad_output: int) -> float | None:
    """The share of accepted answers, 0 to 1; None where there was no answer to judge."""
    answers = accepted + bad_output
    return accepted / answers if answers else None


@dataclass(frozen=True, slots=True)
class ModelQuality:
    """What became of one model's answers; calls that brought none do not count.

    ``first_answers`` are those to an item that the model had not answered since it was claimed.
    """

    id: int
    provider: str
    model_id: str
    accepted: int
    bad_output: int
    first_answers: int = 0
    first_accepted: int = 0

    @property
    def answers(self) -> int:
        return self.accepted + self.bad_output

    @property
    def quality(self) -> float | None:
        return share(self.accepted, self.bad_output)

    @property
    def first_pass(self) -> float | None:
        """The share of first answers that were accepted, 0 to 1; None where there was none."""
        return share(self.first_accepted, self.first_answers - self.first_accepted)


def model_qualities() -> list[ModelQuality]:
    """Every model's, in selection order, over its newest calls of the last days. One query."""
    return _read(None)


def model_quality(pk: int) -> ModelQuality | None:
    """One model's; None where it is gone. One query."""
    return next(iter(_read(pk)), None)


BROKEN = """
SELECT models.id, rule, count(*)
FROM models
CROSS JOIN LATERAL (
    SELECT rules FROM attempts
    WHERE attempts.provider = models.provider_id AND attempts.model = models.model_id
      AND attempts.started_at > now() - make_interval(days => %(days)s)
    ORDER BY attempts.started_at DESC
    LIMIT %(limit)s
) AS recent
CROSS JOIN LATERAL jsonb_object_keys(recent.rules) AS rule
WHERE %(pk)s::bigint IS NULL OR models.id = %(pk)s
GROUP BY models.id, rule
ORDER BY 3 DESC, rule
"""


def broken_rules(pk: int | None = None) -> dict[int, dict[str, int]]:
    """How many of the same calls' answers broke which rule, the commonest first, by model; of one where its key is
    given. One query."""
    found: dict[int, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(BROKEN, {"days": DAYS, "limit": CALLS_READ, "pk": pk})
        for model, rule, times in cursor.fetchall():
            found.setdefault(model, {})[rule] = times
    return found


def _read(pk: int | None) -> list[ModelQuality]:
    outcomes = {"ok": OK_OUTCOME, "bad": ErrorKind.BAD_OUTPUT.value}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {**outcomes, "days": DAYS, "limit": CALLS_READ, "pk": pk})
        return [ModelQuality(*row) for row in cursor.fetchall()]
