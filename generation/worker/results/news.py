"""What a lane has learnt of its routes on the way, written down: events of the batch, and facts of the models."""

from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction

from generation.choices import EventKind
from generation.models import Batch, Event
from generation.worker.lane.observer import SAME_S, Answering, LaneObserver, Note, Suspended
from providers.actions import note_answer, note_limits, store
from providers.calling.adapting import Adapting
from providers.calling.told_limits import ToldLimits


def write(batch_id: int, observer: LaneObserver, adapting: Adapting, told_limits: ToldLimits) -> None:
    write_notes(batch_id, observer)
    store_learnt(adapting)
    write_limits(told_limits)


def write_notes(batch_id: int, observer: LaneObserver) -> None:
    notes = observer.notes[:]
    told = [note for note in notes if not isinstance(note, Answering) or note.answered_by]
    if told:
        record(batch_id, told)
    for note in notes:
        if isinstance(note, Answering):
            provider_id, _, model_id = note.scope.partition("/")
            note_answer(provider_id, model_id, note.answered_by)
    del observer.notes[: len(notes)]


def store_learnt(adapting: Adapting) -> None:
    """What models refused goes into the configuration, for all workers."""
    news = adapting.news[:]
    if not news:
        return
    version = store(news)
    for learnt in news:
        adapting.stored(learnt, version)
    del adapting.news[: len(news)]


def write_limits(told_limits: ToldLimits) -> None:
    """What vendors tell of their limits is kept for people to take over."""
    news = told_limits.news[:]
    note_limits(news)
    del told_limits.news[: len(news)]


def record(batch_id: int, notes: Sequence[Note]) -> None:
    """Write what lanes note of their routes; what another lane has noted already is left out."""
    with transaction.atomic():
        if not Batch.objects.select_for_update(no_key=True).filter(pk=batch_id).exists():
            return
        for note in notes:
            if isinstance(note, Answering):
                _record_reroute(batch_id, note)
                continue
            latest = Event.objects.filter(
                batch_id=batch_id, kind__in=(EventKind.SUSPENDED, EventKind.RECOVERED), facts__scope=note.scope
            ).first()
            if _is_news(note, latest):
                kind = EventKind.SUSPENDED if isinstance(note, Suspended) else EventKind.RECOVERED
                Event.objects.create(batch_id=batch_id, kind=kind, facts=asdict(note))


def _record_reroute(batch_id: int, note: Answering) -> None:
    """Once for a batch and a model."""
    facts = {"scope": note.scope, "answered_by": note.answered_by}
    told = Event.objects.filter(batch_id=batch_id, kind=EventKind.REROUTED, facts=facts)
    if not told.exists():
        Event.objects.create(batch_id=batch_id, kind=EventKind.REROUTED, facts=facts)


def _is_news(note: Note, latest: Event | None) -> bool:
    is_down = latest is not None and latest.kind == EventKind.SUSPENDED
    if not isinstance(note, Suspended):
        return is_down
    return not is_down or latest is None or note.until > latest.facts["until"] + SAME_S
