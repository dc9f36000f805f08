"""How a provider's models stand at their vendor: retired, ending, gone from its list, or new in it.

Told by what is known of models (``providers.catalog``) and by the vendor's last list. Where the two differ the list
says better what is served, and nothing is sure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from providers.catalog.known_models import KnownModel, Standing, known_model, successor, vendor_at
from providers.connection.offered import bare, looks_like_chat
from providers.models import Model, Provider, VendorList


@dataclass(frozen=True, slots=True)
class ModelStanding:
    """``known`` is None where nothing but the vendor's list speaks; ``is_listed`` is None where it was never read.

    ``successor`` is what to use in its place, None where that is not known, or not in the vendor's list.
    """

    model: Model
    known: KnownModel | None
    standing: Standing
    is_sure: bool
    is_listed: bool | None
    successor: KnownModel | None = None


@dataclass(frozen=True, slots=True)
class Standings:
    """Of the models of a provider that are on. ``read_at`` is when its vendor last told its list."""

    provider: Provider
    models: tuple[ModelStanding, ...]
    new: tuple[str, ...]
    read_at: datetime | None

    @property
    def retired(self) -> tuple[ModelStanding, ...]:
        """For sure, so that they may be replaced."""
        return tuple(entry for entry in self.models if entry.standing is Standing.RETIRED and entry.is_sure)

    @property
    def unsure(self) -> tuple[ModelStanding, ...]:
        return tuple(entry for entry in self.models if entry.standing is not Standing.CURRENT and not entry.is_sure)

    @property
    def ending(self) -> tuple[ModelStanding, ...]:
        return tuple(entry for entry in self.models if entry.standing is Standing.ENDING and entry.is_sure)

    @property
    def gone(self) -> tuple[ModelStanding, ...]:
        """Not in the vendor's list, with nothing else known against them."""
        return tuple(entry for entry in self.models if entry.standing is Standing.CURRENT and entry.is_listed is False)

    @property
    def is_news(self) -> bool:
        return bool(self.retired or self.unsure or self.ending or self.gone or self.new)


def standings_of(providers: Iterable[Provider], today: date) -> list[Standings]:
    """Of providers whose models are loaded, in one query."""
    rows = list(providers)
    lists = VendorList.objects.in_bulk([provider.pk for provider in rows])
    return [standings(provider, list(provider.models.all()), lists.get(provider.pk), today) for provider in rows]


def standings(provider: Provider, models: Sequence[Model], told: VendorList | None, today: date) -> Standings:
    """``told`` is the last list of the provider's vendor."""
    told = _valid(told, provider)
    enabled = [model for model in models if model.enabled]
    return Standings(
        provider,
        tuple(standing_of(model, provider, told, today) for model in enabled),
        _new(told, models) if told else (),
        told.answered_at if told else None,
    )


def standing_of(model: Model, provider: Provider, told: VendorList | None, today: date) -> ModelStanding:
    told, vendor = _valid(told, provider), vendor_at(provider.base_url)
    listed = {bare(name) for name in told.model_ids} if told else None
    known = known_model(vendor, model.model_id)
    is_listed = None if listed is None else bare(model.model_id) in listed
    if known is None or vendor is None:
        return ModelStanding(model, None, Standing.CURRENT, is_sure=True, is_listed=is_listed)
    standing = known.standing(today)
    if standing is Standing.CURRENT:
        return ModelStanding(model, known, standing, is_sure=True, is_listed=is_listed)
    is_sure = known.sure if is_listed is None or standing is Standing.ENDING else not is_listed
    found = successor(vendor, model.model_id, today)
    is_served = found is not None and (listed is None or bare(found.model_id) in listed)
    return ModelStanding(model, known, standing, is_sure, is_listed, found if is_served else None)


def _valid(told: VendorList | None, provider: Provider) -> VendorList | None:
    """None where it has no answer, or one of another address."""
    is_valid = told is not None and told.base_url == provider.base_url and told.answered_at is not None
    return told if is_valid else None


def _new(told: VendorList, models: Sequence[Model]) -> tuple[str, ...]:
    """Chat models that were not there when a person last looked at the list."""
    known = {bare(name) for name in told.seen_ids} | {bare(model.model_id) for model in models}
    return tuple(name for name in told.model_ids if bare(name) not in known and looks_like_chat(name))
