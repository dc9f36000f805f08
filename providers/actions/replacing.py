"""Retired models of vendors, replaced by what took their place.

A retired model is not renamed: it is kept, switched off, right behind its successor, with its limits, its prices and
everything that was learnt of it, so that nothing is lost and its calls and samples still tell by whom they were made.
To switch it on again, and the champion back, takes it back. Renaming would give the successor limits and settings that
were meant for another model, and cannot be done at all where the successor is there already, or took the place of two.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from providers.actions.models import create_model, update_model
from providers.actions.ordering import lock_providers, models_of
from providers.actions.providers import update_provider
from providers.catalog.known_models import vendor_at
from providers.catalog.today import model_values
from providers.configuration import audit
from providers.models import Model, Provider, VendorList
from providers.status.standings import ModelStanding, Standings, standings

HEADS = ("champion_model", "default_model")


@dataclass(frozen=True, slots=True)
class Replacement:
    """What is to be done about one model. ``successor_id`` is None where none is known: then it is switched off only.

    ``is_new``: the successor is added in its place. ``is_off``: the successor is there and off, and stays so. ``heads``
    are what the successor takes over of the provider: champion, default.
    """

    model: Model
    successor_id: str | None
    is_sure: bool
    is_new: bool
    is_off: bool
    heads: tuple[str, ...]


def replacements_of(
    found: Standings, models: Iterable[Model], chosen: Iterable[ModelStanding] | None = None
) -> list[Replacement]:
    """What replacing comes to, of the retired ones unless others are chosen; ``models`` are all of the provider's."""
    known = {model.model_id: model for model in models}
    added: set[str] = set()
    entries = found.retired if chosen is None else chosen
    return [_replacement(entry, found.provider, known, added) for entry in entries]


@transaction.atomic
def replace_models(pks: Iterable[int] | None, today: date) -> list[Replacement]:
    """Of any providers, all or none; all retired ones of providers that are on where none are named.

    Raises ValidationError where a named one does not end for sure, or is off by now. ``today`` decides what has ended.
    """
    wanted = None if pks is None else set(pks)
    done: list[Replacement] = []
    found: set[int] = set()
    providers = lock_providers()
    lists = VendorList.objects.in_bulk([provider.pk for provider in providers])
    with audit.together():
        for provider in providers:
            own = models_of(provider)
            seen = standings(provider, own, lists.get(provider.pk), today)
            may = (*seen.retired, *seen.ending) if wanted is not None else seen.retired if provider.enabled else ()
            chosen = [entry for entry in may if wanted is None or entry.model.pk in wanted]
            found |= {entry.model.pk for entry in chosen}
            done += _carry_out(provider, replacements_of(seen, own, chosen), today)
    if wanted is not None and (others := sorted(wanted - found)):
        named = ", ".join(map(str, others))
        raise ValidationError({"models": f"Not on, or not known to end for sure: {named}. Nothing was replaced."})
    if not done:
        raise ValidationError({"models": "No model is known to be retired for sure."})
    return done


def _carry_out(provider: Provider, replacements: list[Replacement], today: date) -> list[Replacement]:
    for entry in replacements:
        if entry.is_new and entry.successor_id:
            values = model_values(vendor_at(provider.base_url), entry.successor_id, today)
            place = Model.objects.values_list("fallback_priority", flat=True).get(pk=entry.model.pk)
            create_model(provider.pk, {**values, "model_id": entry.successor_id, "fallback_priority": place})
        update_model(entry.model.pk, {"enabled": False})
        if entry.heads:
            update_provider(provider.pk, dict.fromkeys(entry.heads, entry.successor_id))
    return replacements


def _replacement(entry: ModelStanding, provider: Provider, known: dict[str, Model], added: set[str]) -> Replacement:
    successor_id = entry.successor.model_id if entry.successor else None
    there = known.get(successor_id or "")
    is_new = successor_id is not None and there is None and successor_id not in added
    if successor_id:
        added.add(successor_id)
    return Replacement(
        entry.model,
        successor_id,
        is_sure=entry.successor is not None and entry.successor.sure,
        is_new=is_new,
        is_off=there is not None and not there.enabled,
        heads=tuple(_heads(provider, entry.model)) if successor_id else (),
    )


def _heads(provider: Provider, model: Model) -> Iterator[str]:
    return (name for name in HEADS if getattr(provider, f"{name}_id") == model.pk)


def in_words(entry: Replacement) -> str:
    """``a: gpt-oss-120b is added in its place and becomes champion``."""
    parts = [_successor_words(entry)]
    if entry.heads:
        parts.append(f"becomes {' and '.join(name.removesuffix('_model') for name in entry.heads)}")
    return f"{entry.model.model_id}: {' and '.join(parts)}"


def _successor_words(entry: Replacement) -> str:
    if entry.successor_id is None:
        return "switched off; what takes its place is not known"
    if entry.is_off:
        return f"switched off; {entry.successor_id} takes its place, which is here, off, and stays off"
    if not entry.is_new:
        return f"switched off; {entry.successor_id} takes its place"
    test = "" if entry.is_sure else " (not verified: test it)"
    return f"switched off; {entry.successor_id}{test} is added in its place"
