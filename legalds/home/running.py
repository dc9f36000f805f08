"""The batches that are not done yet, with their pace and when they will be."""

from dataclasses import dataclass

from generation.actions.batch_forecasts import BatchForecast, forecast_batches
from generation.admin.live import STATUS_VARIANTS
from generation.choices import ACTIVE
from generation.models import Batch
from generation.selectors.progress import Pace, pace_of
from generation.selectors.recent_calls import accepted_per_minute

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Running:
    batch: Batch
    pace: Pace
    forecast: BatchForecast | None = None

    @property
    def variant(self) -> str:
        return STATUS_VARIANTS[self.batch.status]


def running() -> tuple[list[Running], int]:
    """The newest of them, and how many there are in all. Two queries at most beside the count, and
    those of the forecast."""
    active = Batch.objects.filter(status__in=ACTIVE)
    batches = list(active.order_by("-pk")[: SHOWN + 1])
    count = len(batches) if len(batches) <= SHOWN else active.count()
    shown = batches[:SHOWN]
    per_minute = accepted_per_minute([batch.pk for batch in shown]) if shown else {}
    ends = forecast_batches() if shown else {}
    entries = [Running(batch, pace_of(batch, per_minute.get(batch.pk)), ends.get(batch.pk)) for batch in shown]
    return entries, count
