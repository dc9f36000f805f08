"""When each batch that is at work will be done, all of them together: they share limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from generation.actions.expectations import Facts, Live, Wanted, distinct, expected_of, look, serving, spread_of
from generation.choices import ACTIVE, BatchStatus
from generation.engine import pace
from generation.engine.estimates.jobs import Job, Run
from generation.engine.estimates.paced import paced
from generation.engine.estimates.throughput import run
from generation.engine.estimates.words import bound_words
from generation.engine.planning.ordered import choice_of, mix_of
from generation.models import Batch
from generation.selectors.measurements import measured
from generation.selectors.recent_calls import accepted_per_minute
from generation.selectors.shared_numbers import remembered
from generation.worker.items.places import useful_places
from providers.configuration import snapshot
from providers.routing.config import Snapshot
from providers.routing.limits.urgency import Urgency
from providers.routing.route import Route, chain

FRESH_S = 4.0  # a little less than a page waits before it asks again
BATCHES_MAX = 16
"""So many batches are looked at together, the most urgent and oldest ones; of others nothing is told."""


@dataclass(frozen=True, slots=True)
class BatchForecast:
    """``done_at`` is None where the limits never let it get done; ``limited_by`` is what holds it up for longest."""

    batch_id: int
    asked_at: datetime
    done_at: datetime | None
    limited_by: str = ""

    @property
    def left(self) -> timedelta | None:
        return None if self.done_at is None else self.done_at - self.asked_at

    @property
    def seconds_left(self) -> int | None:
        return None if self.left is None else round(self.left.total_seconds())


@dataclass(frozen=True, slots=True)
class AtWork:
    """A batch with the routes that serve it."""

    batch: Batch
    routes: Sequence[Route]


def forecast_batches() -> dict[int, BatchForecast]:
    """By batch; nothing while Redis is away. Nine queries and two round trips at most, shared by all viewers for some
    seconds."""
    return remembered("batch-forecasts", FRESH_S, _forecast_batches)


def forecast_of(batch: Batch) -> BatchForecast | None:
    return forecast_batches().get(batch.pk) if batch.status in ACTIVE else None


def without_end(batch: Batch, told: BatchForecast | None) -> str:
    """Why no end of an active batch can be told; empty where it can, or where nothing more is to come."""
    if told is not None:
        return "" if told.done_at else "never: the limits let nothing through"
    missing = batch.count - batch.generated - batch.failed
    return pace.without_end(batch.status, missing, is_at_cap=batch.is_at_cap)


def at_work(known: Snapshot) -> list[AtWork]:
    """The batches that take of limits now, or will by themselves, and have a route that could serve them."""
    waits_for_person = Q(status=BatchStatus.PAUSED, needs_tokens__isnull=False)
    unfinished = Batch.objects.filter(status__in=ACTIVE, count__gt=F("generated") + F("failed"))
    active = unfinished.exclude(waits_for_person)
    batches = list(active.order_by("-urgency", "pk")[:BATCHES_MAX])
    found = [AtWork(batch, serving(chain(known, choice_of(batch)), batch.when_full)) for batch in batches]
    return [each for each in found if each.routes]


def jobs_of(works: Sequence[AtWork], live: Live, facts: Facts) -> list[Job]:
    """One for each. Where no limit holds a batch up, it goes on as fast as it has gone in the last minutes."""
    per_minute = accepted_per_minute([each.batch.pk for each in works if each.batch.status == BatchStatus.RUNNING])
    return [_job(each, live, facts, per_minute.get(each.batch.pk)) for each in works]


def _job(work: AtWork, live: Live, facts: Facts, per_minute: float | None) -> Job:
    batch, mix, known = work.batch, mix_of(work.batch), work.batch.taxonomy
    shown = spread_of(mix, known)
    expected = expected_of(Wanted(mix, known, shown, batch.instruction), work.routes, facts, live) if shown else []
    missing = max(batch.count - batch.generated - batch.failed, 0)
    calls_at_once = useful_places(missing) * settings.GENERATION_CALLS_PER_LANE
    job = Job(tuple(entry.source() for entry in expected), missing, calls_at_once, Urgency(batch.urgency))
    return paced(job, per_minute / 60) if per_minute else job


def routes_of(works: Sequence[AtWork]) -> list[Route]:
    """All of their routes, each once."""
    return list({route.key: route for each in works for route in each.routes}.values())


def _forecast_batches() -> dict[int, BatchForecast]:
    works = at_work(snapshot.load()) if Batch.objects.filter(status__in=ACTIVE).exists() else []
    routes = routes_of(works)
    live = look(routes)
    if not works or live.is_away:
        return {}
    now = timezone.now()
    facts = measured(distinct(routes))
    runs = run(jobs_of(works, live, facts), live.uses, now.timestamp())
    return {each.batch.pk: _told(each, found, now) for each, found in zip(works, runs, strict=True)}


def _told(work: AtWork, found: Run | None, now: datetime) -> BatchForecast:
    if found is None:
        return BatchForecast(work.batch.pk, now, None)
    done_at = now + timedelta(seconds=found.seconds)
    return BatchForecast(work.batch.pk, now, done_at, bound_words(found.bound, found.waits_for, work.routes))
