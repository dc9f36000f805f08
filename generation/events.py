"""The timeline of a batch: what lanes note is written here, and all of it is read here, in words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection, transaction

from generation.choices import EventKind
from generation.engine import timeline
from generation.models import OUTCOMES, Attempt, Batch, Event
from generation.worker.witness import SAME_S, Note, Suspended
from providers import audit

SHOWN = 60
MOVES_READ = 400


def act_for_person() -> None:
    """What this transaction does to statuses is by whom the context names: the triggers read it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('legalds.actor', %s, true)", [audit.asker().name])


def record(batch_id: int, notes: Sequence[Note]) -> None:
    """Write what lanes note of their routes; what another lane has noted already is left out."""
    with transaction.atomic():
        if not Batch.objects.select_for_update(no_key=True).filter(pk=batch_id).exists():
            return
        for note in notes:
            latest = Event.objects.filter(
                batch_id=batch_id, kind__in=(EventKind.SUSPENDED, EventKind.RECOVERED), facts__scope=note.scope
            ).first()
            if _is_news(note, latest):
                kind = EventKind.SUSPENDED if isinstance(note, Suspended) else EventKind.RECOVERED
                Event.objects.create(batch_id=batch_id, kind=kind, facts=asdict(note))


def _is_news(note: Note, latest: Event | None) -> bool:
    is_down = latest is not None and latest.kind == EventKind.SUSPENDED
    if not isinstance(note, Suspended):
        return is_down
    return not is_down or latest is None or note.until > latest.facts["until"] + SAME_S


@dataclass(frozen=True, slots=True)
class Line:
    """``tone``: good, bad or neither, for the eye."""

    at: datetime
    words: str
    tone: str = ""


def lines(batch: Batch) -> list[Line]:
    """The newest first. Two queries, however long the batch has run."""
    told = [_line(event) for event in Event.objects.filter(batch=batch)[:SHOWN]]
    return sorted([*told, *_moves(batch)], key=lambda line: line.at, reverse=True)[:SHOWN]


def words(event: Event) -> str:
    match event.kind:
        case EventKind.SUSPENDED:
            return timeline.suspended_words(event.facts)
        case EventKind.RECOVERED:
            return timeline.recovered_words(event.facts)
    return timeline.status_words(event.facts, event.actor)


def _line(event: Event) -> Line:
    if event.kind == EventKind.STATUS:
        tone = {"completed": "good", "failed": "bad", "paused": "bad"}.get(event.facts["to"], "")
    else:
        tone = "good" if event.kind == EventKind.RECOVERED else "bad"
    return Line(event.at, words(event), tone)


def _moves(batch: Batch) -> list[Line]:
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
        Line(newest[key], timeline.moved_words(count, key[1], key[2], names.get(key[3], key[3]).lower()))
        for key, count in times.items()
    ]
