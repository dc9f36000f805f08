"""What recent calls took, by route and sample type: the base of estimates. One query, bounded by what it reads."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import connection

from generation.choices import OK_OUTCOME
from generation.engine.estimates.estimate import Measured
from generation.selectors.model_quality import DAYS
from providers.llm.errors import ErrorKind

ROUTES_READ = 12
CALLS_READ = 300

# As in generation.selectors.model_quality: the index on provider, model and time is walked
# backwards, no further than the limit.
READ = """
SELECT recent.provider, recent.model, recent.sample_type, count(*),
       count(*) FILTER (WHERE recent.outcome = %(ok)s),
       sum(recent.prompt_tokens), sum(recent.completion_tokens), sum(recent.latency_ms) / 1000.0,
       sum(recent.cached_tokens)
FROM unnest(%(providers)s::text[], %(models)s::text[]) AS route (provider, model)
CROSS JOIN LATERAL (
    SELECT * FROM attempts
    WHERE attempts.provider = route.provider AND attempts.model = route.model
      AND attempts.started_at > now() - make_interval(days => %(days)s)
    ORDER BY attempts.started_at DESC
    LIMIT %(limit)s
) AS recent
WHERE recent.outcome IN (%(ok)s, %(bad)s) AND recent.sample_type <> ''
GROUP BY recent.provider, recent.model, recent.sample_type
"""


def measured(routes: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], list[Measured]]:
    """By provider and model, of the first routes; those without judged calls in the last days are missing."""
    first = routes[:ROUTES_READ]
    values: dict[str, str | int | list[str]] = {
        "providers": [provider for provider, _ in first],
        "models": [model for _, model in first],
        "ok": OK_OUTCOME,
        "bad": ErrorKind.BAD_OUTPUT.value,
        "days": DAYS,
        "limit": CALLS_READ,
    }
    found: defaultdict[tuple[str, str], list[Measured]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(READ, values)
        for provider, model, sample_type, calls, accepted, prompt, completion, seconds, cached in cursor.fetchall():
            facts = Measured(sample_type, calls, accepted, int(prompt), int(completion), float(seconds), int(cached))
            found[provider, model].append(facts)
    return found
