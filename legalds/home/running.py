"""The batches that are not done yet, with their pace and the time that is left at it."""

from dataclasses import dataclass

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

    @property
    def variant(self) -> str:
        return STATUS_VARIANTS[self.batch.status]


def running() -> tuple[list[Running], int]:
    """The newest of them, and how many there are in all. Two queries at most beside the count."""
    active = Batch.objects.filter(status__in=ACTIVE)
    batches = list(active.order_by("-pk")[: SHOWN + 1])
    count = len(batches) if len(batches) <= SHOWN else active.count()
    shown = batches[:SHOWN]
    per_minute = accepted_per_minute([batch.pk for batch in shown]) if shown else {}
    return [Running(batch, pace_of(batch, per_minute.get(batch.pk))) for batch in shown], count
