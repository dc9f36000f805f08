"""The batches that are not done yet, with their pace and the time that is left at it."""

from dataclasses import dataclass
from datetime import timedelta

from generation.admin.live import STATUS_VARIANTS
from generation.choices import ACTIVE
from generation.models import Batch
from generation.recent import accepted_per_minute

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Running:
    """``per_minute`` is None, and so is ``left``, where nothing was made lately."""

    batch: Batch
    per_minute: float | None

    @property
    def variant(self) -> str:
        return STATUS_VARIANTS[self.batch.status]

    @property
    def left(self) -> timedelta | None:
        missing = self.batch.count - self.batch.generated - self.batch.failed
        return timedelta(minutes=missing / self.per_minute) if self.per_minute else None


def running() -> tuple[list[Running], int]:
    """The newest of them, and how many there are in all. Two queries at most beside the count."""
    active = Batch.objects.filter(status__in=ACTIVE)
    batches = list(active.order_by("-pk")[: SHOWN + 1])
    count = len(batches) if len(batches) <= SHOWN else active.count()
    shown = batches[:SHOWN]
    pace = accepted_per_minute([batch.pk for batch in shown]) if shown else {}
    return [Running(batch, pace.get(batch.pk)) for batch in shown], count
