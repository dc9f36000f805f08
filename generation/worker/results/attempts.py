"""Calls as rows of the ledger."""

from collections.abc import Iterator, Sequence

from generation.choices import OK_OUTCOME
from generation.models import Attempt, Item
from providers.llm.errors import ErrorKind
from providers.llm.text import storable
from providers.routing.call import Call

ANSWER_KEPT = 20_000
COST_MAX = 10**5


def attempts_of(item: Item, calls: Sequence[Call]) -> Iterator[Attempt]:
    """The calls of an item in their order, each model's first answer marked as that."""
    answered: set[str] = set()
    for call in calls:
        attempt = _attempt(item, call)
        if call.kind in (None, ErrorKind.BAD_OUTPUT):
            attempt.is_first_answer = call.route_key not in answered
            answered.add(call.route_key)
        yield attempt


def _attempt(item: Item, call: Call) -> Attempt:
    return Attempt(
        call_id=call.id,
        item_id=item.pk,
        batch_id=item.batch_id,
        sample_type=item.sample_type,
        provider=call.provider_id,
        model=call.model_id,
        model_answered=call.model_answered,
        outcome=call.kind or OK_OUTCOME,
        status_code=call.status,
        detail=storable(call.detail),
        answer=storable(call.answer[:ANSWER_KEPT]),
        rules={name: storable(found) for name, found in call.rules.items()} or None,
        is_switch=call.is_switch,
        prompt_tokens=call.usage.prompt_tokens,
        completion_tokens=call.usage.completion_tokens,
        cached_tokens=call.usage.cached_tokens,
        reasoning_tokens=call.usage.reasoning_tokens,
        cost=call.cost if call.cost is not None and call.cost < COST_MAX else None,
        latency_ms=round(call.latency_s * 1000),
        started_at=call.started_at,
    )
