"""What somebody who looks at another page should hear of batches: that one has ended, or waits."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Max, Q
from django.db.models.functions import Now

from generation.choices import BatchStatus, EventKind
from generation.engine import timeline
from generation.models import Event

AT_ONCE = 5
OVERLAP = 50  # keys are given before they are committed: one that came late is among these
WORTH_TELLING = timedelta(hours=12)
TOLD = (
    BatchStatus.PAUSED,
    BatchStatus.COMPLETED,
    BatchStatus.COMPLETED_WITH_FAILURES,
    BatchStatus.FAILED,
    BatchStatus.STOPPED,
)
TONES = {BatchStatus.COMPLETED: "good", BatchStatus.PAUSED: "bad", BatchStatus.FAILED: "bad"}


@dataclass(frozen=True, slots=True)
class News:
    id: int
    batch_id: int
    words: str
    tone: str


def latest() -> int:
    """The key of the newest event; 0 where there is none. One query."""
    return Event.objects.aggregate(newest=Max("pk"))["newest"] or 0


def since(event_id: int) -> list[News]:
    """What came after this event, and a little before it, oldest first; the newest of them where it is much. One query.

    Who asks knows what he has seen already. What is older than half a day is no news.
    """
    events = Event.objects.filter(
        Q(pk__gt=event_id - OVERLAP, at__gt=Now() - WORTH_TELLING, facts__to__in=[status.value for status in TOLD]),
        kind=EventKind.STATUS,
    )
    return [
        News(event.pk, event.batch_id, timeline.news_words(event.facts, event.batch_id), _tone(event))
        for event in reversed(events.order_by("-pk")[: AT_ONCE + OVERLAP])
    ]


def _tone(event: Event) -> str:
    return TONES.get(BatchStatus(event.facts["to"]), "")
