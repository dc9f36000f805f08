"""Rows for tests of this app."""

import json
from typing import Any

from asgiref.sync import async_to_sync
from django.utils import timezone

from generation.choices import BatchStatus, ItemStatus
from generation.engine.planning.plan import ItemSpec
from generation.engine.prompts import build_request
from generation.models import Attempt, Batch, Item, PromptTrial
from providers.calling import shared_store
from providers.configuration import snapshot
from providers.routing.limits.budget import PastUse
from providers.routing.route import chain
from providers.sandbox.samples import sample
from samples.models import Sample
from samples.taxonomy import taxonomy


def make_batch(*, count=3, status=BatchStatus.PENDING, done=0, failed=0, **fields):
    """A batch whose first items are done, the next ones failed, the rest pending."""
    batch = Batch.objects.create(
        count=count, status=status, generated=done, failed=failed, planned=count, seed=1, **fields
    )
    for number in range(1, count + 1):
        if number <= done:
            state = {"status": ItemStatus.DONE, "sample": make_sample(batch_id=batch.pk, item_number=number)}
        else:
            state = {"status": ItemStatus.FAILED if number <= done + failed else ItemStatus.PENDING}
        Item.objects.create(batch=batch, number=number, **SPEC, **state)
    return batch


SPEC: dict[str, Any] = {
    "jurisdiction": "uk",
    "practice_area": "Contract Law",
    "topic": "Breach of Contract",
    "difficulty": "intermediate",
    "sample_type": "case_analysis",
    "scenario": "client_consultation",
}


def obeying_answer(number=1):
    """What a model could write for the item of that number of ``make_batch``: a sample that breaks no rule."""
    request = build_request(ItemSpec(number=number, **SPEC), taxonomy())
    return sample("\n".join(message.content for message in request.messages))


def make_sample(**fields):
    values = {name: value for name, value in SPEC.items() if name != "scenario"}
    texts = {"question": "Q?", "answer": "A.", "case_citation": "C", "reasoning": "R"}
    return Sample.objects.create(**{**values, **texts, **fields})


def make_attempts(batch, times, **values):
    """So many calls for the batch's first item, which answered."""
    item, _ = Item.objects.get_or_create(batch=batch, number=1, defaults={"topic": "Contract"})
    given = {"provider": "groq", "model": "llama", "outcome": "ok", "started_at": timezone.now(), **values}
    Attempt.objects.bulk_create([Attempt(batch=batch, item=item, **given) for _ in range(times)])


def make_attempt(batch, number, outcome, **fields):
    """One call for the item of that number."""
    facts = {"provider": "groq", "model": "llama", "prompt_tokens": 10, "completion_tokens": 5, "latency_ms": 100}
    item = Item.objects.get(batch=batch, number=number)
    facts |= {"item": item, "batch": batch, "outcome": outcome, "started_at": timezone.now()}
    return Attempt.objects.create(**(facts | fields))


def make_trial(version, **fields):
    """One answer of a model, which a rule rejects."""
    draft = {"question": "Q?", "answer": "A.", "case_citation": "C", "reasoning": "R"}
    finding = {"rule": "short-answer", "severity": "reject", "field": "answer", "message": "it has one word"}
    facts = {
        "spec": {**SPEC, "number": 1},
        "messages": [{"role": "system", "content": "You are a judge."}, {"role": "user", "content": "Write one."}],
        "provider": "groq",
        "model": "llama",
        "outcome": "bad_output",
        "detail": "answer: it has one word",
        "answer": json.dumps(draft),
        "findings": [finding],
        "started_at": timezone.now(),
    }
    return PromptTrial.objects.create(version=version, **(facts | fields))


def use_limits(amount, ago_s=3_600.0):
    """So much was taken then of every longer limit of the first route that is there."""
    route = chain(snapshot.load())[0]
    buckets = [bucket for bucket in route.buckets if not bucket.is_short]
    past = [PastUse(bucket, f"past-{number}", ago_s) for bucket in buckets for number in range(amount)]

    async def restore():
        async with shared_store.open_store() as store:
            await store.restore(past, 0.0)

    async_to_sync(restore)()
