"""What a switch means for the batches that run."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from providers.configuration.positions import order_of_models
from providers.models import Model, Provider

NONE_LEFT = "No provider can be used now: batches wait until one is on."


@dataclass(frozen=True, slots=True)
class Consequence:
    words: str = ""
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A provider that is on. It can be used when it has its key and a model that is on."""

    id: str
    name: str
    is_keyed: bool
    has_models: bool

    @property
    def is_usable(self) -> bool:
        return self.is_keyed and self.has_models


def candidates() -> list[Candidate]:
    """In selection order, in one query; never decrypts."""
    enabled_models = Model.objects.filter(provider=OuterRef("pk"), enabled=True)
    rows = Provider.objects.enabled().annotate(has_models=Exists(enabled_models)).order_by("order")
    named = rows.values_list("pk", "name", "requires_key", "config__api_key_fingerprint", "has_models")
    return [Candidate(pk, name, not requires or bool(key), has) for pk, name, requires, key, has in named]


def of_provider_switch(provider: Provider) -> Consequence:
    listed = candidates()
    usable = [entry for entry in listed if entry.is_usable]
    own = next((entry for entry in listed if entry.id == provider.pk), None)
    if own is None:
        return _without(usable)
    return Consequence(_why_unused(own) or _turn_of(own, usable))


def of_model_switch(model: Model) -> Consequence:
    listed = candidates()
    own = next((entry for entry in listed if entry.id == model.provider_id), None)
    if own is None:
        return Consequence(f"Its provider {model.provider.name} is off, so it is not used now.")
    if not own.is_keyed:
        return Consequence(f"{own.name} has no key yet, so it is passed over.")
    if model.enabled:
        return Consequence()
    if not own.has_models:
        rest = _without([entry for entry in listed if entry.is_usable])
        return Consequence(f"No model of {own.name} is on now. {rest.words}", rest.is_warning)
    return Consequence(f"{own.name} goes on with {_first_model(model.provider)}.")


def _without(usable: list[Candidate]) -> Consequence:
    if not usable:
        return Consequence(NONE_LEFT, is_warning=True)
    more = f" and {len(usable) - 1} more" if len(usable) > 1 else ""
    return Consequence(f"Batches go on with {usable[0].name}{more}.")


def _why_unused(own: Candidate) -> str:
    if not own.is_keyed:
        return "It has no key yet, so it is passed over. Enter one on its page."
    return "" if own.has_models else "None of its models is on, so it is passed over."


def _turn_of(own: Candidate, usable: list[Candidate]) -> str:
    place = usable.index(own)
    return f"It is tried after {usable[place - 1].name}." if place else "It is tried first."


def _first_model(provider: Provider) -> Model:
    own = list(Model.objects.filter(provider=provider).order_by("fallback_priority"))
    by_pk = {model.pk: model for model in own}
    return next(by_pk[pk] for pk in order_of_models(provider, own).shown if by_pk[pk].enabled)
