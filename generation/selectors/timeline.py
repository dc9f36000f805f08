"""The timeline of a batch: what lanes note is written here, and all of it is read here, in words."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from generation.choices import OUTCOMES, EventKind
from generation.engine import timeline
from generation.models import Attempt, Batch, Event

SHOWN = 60
MOVES_READ = 400


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """``tone``: good, bad or neither, for the eye."""

    at: datetime
    words: str
    tone: str = ""


def lines(batch: Batch) -> list[TimelineEntry]:
    """The newest first. Two queries, however long the batch has run."""
    told = [_line(event) for event in Event.objects.filter(batch=batch)[:SHOWN]]
    return sorted([*told, *_moves(batch)], key=lambda line: line.at, reverse=True)[:SHOWN]


def words(event: Event) -> str:
    match event.kind:
        case EventKind.SUSPENDED:
            return timeline.suspended_words(event.facts)
        case EventKind.RECOVERED:
            return timeline.recovered_words(event.facts)
        case EventKind.REROUTED:
            return timeline.rerouted_words(event.facts)
    return timeline.status_words(event.facts, event.actor)


def _line(event: Event) -> TimelineEntry:
    if event.kind == EventKind.STATUS:
        tone = {"completed": "good", "failed": "bad", "paused": "bad"}.get(event.facts["to"], "")
    else:
        tone = "good" if event.kind == EventKind.RECOVERED else "bad"
    return TimelineEntry(event.at, words(event), tone)


def _moves(batch: Batch) -> list[TimelineEntry]:
    """The newest moves of items from route to route, those of one minute and one pair of routes as one line."""
    rows = Attempt.objects.moves_of(batch).order_by("-pk")
    columns = ("started_at", "provider", "model", "from_provider", "from_model", "why")
    times: Counter[tuple[datetime, str, str, str]] = Counter()
    newest: dict[tuple[datetime, str, str, str], datetime] = {}
    for at, provider, model, from_provider, from_model, why in rows.values_list(*columns)[:MOVES_READ]:
        minute = at.replace(second=0, microsecond=0)
        key = (minute, f"{from_provider}/{from_model}", f"{provider}/{model}", str(why))
        times[key] += 1
        newest[key] = max(newest.get(key, at), at)
    names = dict(OUTCOMES)
    return [
        TimelineEntry(newest[key], timeline.moved_words(count, key[1], key[2], names.get(key[3], key[3]).lower()))
        for key, count in times.items()
    ]
