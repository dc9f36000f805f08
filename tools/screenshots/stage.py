"""What the pictures show: made by the real engine against the sandbox, with keys that are plainly none."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from generation.actions import BatchOrder, start_batch
from generation.models import Batch
from generation.worker.running import heartbeat
from generation.worker.running.inline import work_off
from providers import actions
from providers.choices import Way
from providers.configuration import actor
from providers.models import Provider
from providers.sandbox.thread import RunningSandbox
from samples.actions import review
from samples.choices import ReviewStatus
from samples.models import Sample

FIRST_COUNT = 40
FIRST_TIMEOUT_S = 120.0
SECOND_COUNT = 400
SECOND_GOES_ON_S = 600.0
BETWEEN_S = 20.0
FIRST_MIX = BatchOrder(count=FIRST_COUNT, jurisdictions=("uk", "us"), seed=7)
SECOND_MIX = BatchOrder(count=SECOND_COUNT, sample_types=("case_analysis", "educational"), seed=11)
DECISIONS = (
    (ReviewStatus.APPROVED, 3, ""),
    (ReviewStatus.NEEDS_WORK, 1, "The reasoning skips the second step."),
    (ReviewStatus.APPROVED, 12, ""),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """The rows that pictures are of."""

    provider: str
    model: int
    batch: int
    sample: int


@contextmanager
def acted(sandbox: RunningSandbox, user: User) -> Iterator[Stage]:
    """One batch is done, some of its samples are reviewed, and another is at work as long as this is open."""
    call_command("flush", interactive=False, verbosity=0)
    cache.clear()
    user.save()
    call_command("seed_providers", verbosity=0)
    with actor.asked_by(lambda: actor.Actor(Way.ADMIN, user.pk, user.get_username())):
        providers = _point_at(sandbox)
    done = start_batch(FIRST_MIX, user, queue=False)
    work_off(done.pk, deadline=time.monotonic() + FIRST_TIMEOUT_S)
    batch = start_batch(SECOND_MIX, user, queue=False)
    is_over = False
    with ThreadPoolExecutor(2, thread_name_prefix="work") as pool:
        pool.submit(_go_on, batch, lambda: is_over)
        pool.submit(_show_life, lambda: is_over)
        try:
            time.sleep(BETWEEN_S)
            _review(user)
            yield _stage(providers[0], batch)
        finally:
            is_over = True


def _point_at(sandbox: RunningSandbox) -> list[Provider]:
    """All providers have the sandbox's address and a key. The first one's champion is down, its next model shaky."""
    providers = list(Provider.objects.with_details())
    for place, provider in enumerate(providers):
        address = sandbox.root if provider.adapter == "mistral" else sandbox.url
        actions.update_provider(provider.pk, {"base_url": address})
        if provider.requires_key:
            actions.set_secrets(provider.pk, api_key=f"not-a-key-of-{provider.pk}-{place}{place + 1}xy")
        for model in provider.models.all():
            sandbox.state.set_behaviour("good", model=model.model_id)
    first = providers[0].champion_model or providers[0].models.all()[0]
    others = [model for model in providers[0].models.all() if model != first]
    sandbox.state.set_behaviour("503", model=first.model_id)
    sandbox.state.set_behaviour("mix-500:10-malformed:10", model=others[0].model_id)
    actions.set_provider_enabled(providers[-1].pk, False)
    return providers


def _review(user: User) -> None:
    """The newest but two, so that a list shows both kinds."""
    samples = iter(Sample.objects.order_by("-pk")[2:])
    for status, count, note in DECISIONS:
        for _, sample in zip(range(count), samples, strict=False):
            review(sample.pk, status, user, note=note)


def _go_on(batch: Batch, is_over: Callable[[], bool]) -> None:
    try:
        work_off(batch.pk, deadline=time.monotonic() + SECOND_GOES_ON_S, is_halted=is_over, is_urgent=is_over)
    finally:
        connection.close()


def _show_life(is_over: Callable[[], bool]) -> None:
    """As a worker does, which is not needed here."""
    while not is_over():
        heartbeat.beat()
        time.sleep(1)


def _stage(provider: Provider, batch: Batch) -> Stage:
    sample = Sample.objects.filter(review=ReviewStatus.UNREVIEWED).order_by("pk")[0]
    model = provider.champion_model or provider.models.all()[0]
    return Stage(provider=provider.pk, model=model.pk, batch=batch.pk, sample=sample.pk)
