"""What the attempts tell of calls made before: to restore budgets, and to expect what answers will take."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from generation.choices import OK_OUTCOME, ItemStatus
from generation.models import Attempt, Item
from providers.calling.rebuilding import PastCall
from providers.llm.types import Usage
from providers.routing.call import amounts
from providers.routing.reporting import MAY_HAVE_BEEN_COUNTED

CHUNK = 2_000
FIRST_MOMENTS = timedelta(seconds=5)


def past_calls(since: timedelta) -> Iterator[PastCall]:
    """Every call of the last ``since``, by the database's clock. Streamed, in one transaction, as a pooler wants it."""
    with transaction.atomic():
        calls = Attempt.objects.filter(started_at__gte=Now() - since).order_by()
        names = (
            "call_id",
            "provider",
            "model",
            "started_at",
            "outcome",
            "cost",
            "prompt_tokens",
            "completion_tokens",
            "cached_tokens",
        )
        for call_id, provider, model, at, outcome, cost, *usage in calls.values_list(*names).iterator(CHUNK):
            is_unknown = outcome in MAY_HAVE_BEEN_COUNTED and not any(usage)
            yield PastCall(str(call_id), provider, model, at, amounts(Usage(*usage), cost), is_unknown)


def was_active(within: timedelta) -> bool:
    """Whether any call was made, or may have been under way, in the last ``within``.

    The items that a batch leases in its first moments speak for no call: it is then that an empty store is met.
    """
    in_work = Item.objects.filter(status=ItemStatus.LEASED, leased_until__gte=Now() - within)
    return (
        Attempt.objects.filter(started_at__gte=Now() - within).exists()
        or in_work.filter(batch__started_at__lt=Now() - FIRST_MOMENTS).exists()
    )


def recent_answers(limit: int = 2_000) -> list[tuple[str, str, int]]:
    """What the newest good answers took, oldest first: route, sample type, tokens. Reads ``limit`` attempts."""
    newest = Attempt.objects.order_by("-pk").values("pk")[:limit]
    rows = Attempt.objects.filter(pk__in=newest, outcome=OK_OUTCOME).exclude(sample_type="").order_by("pk")
    columns = rows.values_list("provider", "model", "sample_type", "completion_tokens")
    return [(f"{provider}/{model}", sample_type, tokens) for provider, model, sample_type, tokens in columns]
