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

CHUNK = 2_000
FIRST_MOMENTS = timedelta(seconds=5)


def past_calls(since: timedelta) -> Iterator[PastCall]:
    """Every call of the last ``since``, by the database's clock. Streamed, in one transaction, as a pooler wants it."""
    with transaction.atomic():
        calls = Attempt.objects.filter(started_at__gte=Now() - since).order_by()
        columns = ("call_id", "provider", "model", "started_at", "prompt_tokens", "completion_tokens", "cost")
        for call_id, provider, model, at, prompt, completion, cost in calls.values_list(*columns).iterator(CHUNK):
            yield PastCall(str(call_id), provider, model, at, amounts(Usage(prompt, completion), cost))


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
    rows = Attempt.objects.filter(pk__in=newest, outcome=OK_OUTCOME).order_by("pk")
    columns = rows.values_list("provider", "model", "item__sample_type", "completion_tokens")
    return [(f"{provider}/{model}", sample_type, tokens) for provider, model, sample_type, tokens in columns]
