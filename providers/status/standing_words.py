"""How a model stands at its vendor, in words for people, with source and date."""

from datetime import date

from django.utils.dateformat import format as dated

from providers.catalog.known_models import KnownModel, Standing
from providers.status.standings import ModelStanding, Standings


def headline(found: Standings) -> str:
    """``3 retired, 2 ending``; empty where there is nothing to tell."""
    counts = (
        (len(found.retired), "retired"),
        (len(found.ending), "ending"),
        (len(found.unsure), "probably retired"),
        (len(found.gone), "not in the vendor's list any more"),
        (len(found.new), "new at the vendor"),
    )
    return ", ".join(f"{count} {what}" for count, what in counts if count)


def what(entry: ModelStanding) -> str:
    """``retired on 16 August 2026``."""
    if entry.known is None or entry.standing is Standing.CURRENT:
        return "not in the vendor's list any more" if entry.is_listed is False else "served"
    if entry.standing is Standing.ENDING:
        return f"ends on {when(entry.known.on)}" if entry.known.on else "ends soon"
    if not entry.is_sure:
        doubt = "the vendor's list still has it" if entry.is_listed else "not verified"
        return f"said to be retired{_since(entry.known)}; {doubt}"
    listed = ", and not in the vendor's list any more" if entry.is_listed is False else ""
    return f"retired{_since(entry.known)}{listed}"


def end_words(entry: ModelStanding) -> str:
    """``ends on 1 December 2026``, where that is sure; empty where it goes on."""
    if entry.known is None or entry.standing is Standing.CURRENT or not entry.is_sure:
        return ""
    return what(entry) if entry.standing is Standing.ENDING else f"retired{_since(entry.known)}"


def source(known: KnownModel) -> str:
    return f"{known.source}; as of {when(known.as_at.isoformat())}"


def when(text: str | None) -> str:
    """A day, or a month where no more is known."""
    if not text:
        return ""
    is_month = len(text) == len("2026-06")
    day = date.fromisoformat(f"{text}-01" if is_month else text)
    return dated(day, "F Y" if is_month else "j F Y")


def _since(known: KnownModel) -> str:
    if not known.on:
        return ""
    return f" {'in' if len(known.on) == len('2026-06') else 'on'} {when(known.on)}"
