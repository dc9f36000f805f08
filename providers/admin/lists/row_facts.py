"""The facts of a page's rows: what their person may do, and what the shared store says. One query, one round trip."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone

from providers.admin.lists.rows import RowFacts, set_facts
from providers.configuration.entries import provider_entry
from providers.configuration.positions import Positions, read_model_orders, read_provider_order
from providers.models import Model, Provider, VendorList
from providers.routing.admission import ScopeState
from providers.routing.limits.budget import Bucket
from providers.routing.route import shared_buckets
from providers.status.health import Health, health_of, scope_of
from providers.status.standing_words import end_words
from providers.status.standings import standing_of
from providers.status.usage import look, meters, route_of


@dataclass(frozen=True, slots=True)
class Rights:
    """What this person may do to the rows of this page."""

    move: bool = False
    switch: bool = False
    lead: bool = False


def rights_of(request: HttpRequest, *, may_change: bool, may_move: bool = True) -> Rights:
    """A champion is a setting of the provider."""
    lead = may_change and request.user.has_perm("providers.change_provider")
    return Rights(move=may_change and may_move, switch=may_change, lead=lead)


def add_facts_to_providers(providers: Sequence[Provider], rights: Rights) -> None:
    order = read_provider_order()
    ranks = _ranks(order)
    prefetch_related_objects(providers, "limits")
    buckets = {provider.pk: shared_buckets(provider_entry(provider)) for provider in providers}
    states, usage = look(map(scope_of, providers), chain.from_iterable(buckets.values()))
    for provider in providers:
        facts = RowFacts(
            may_move=rights.move,
            may_switch=rights.switch,
            health=health_of(states.get(provider.pk)),
            meters=meters(buckets[provider.pk], usage),
            rank=ranks.get(provider.pk, 0),
            total=len(ranks),
            mark=order.mark,
        )
        set_facts(provider, facts)


def add_facts_to_models(models: Sequence[Model], rights: Rights) -> dict[str, Positions]:
    """Their providers must be loaded. Gives the orders of all their providers' models."""
    orders = read_model_orders({model.provider_id for model in models})
    ranks = {provider_id: _ranks(order) for provider_id, order in orders.items()}
    prefetch_related_objects(models, "limits", "provider__limits")
    buckets = {model.pk: _buckets_of_model(model) for model in models}
    scopes = [scope_of(row) for model in models for row in (model, model.provider)]
    states, usage = look(scopes, chain.from_iterable(buckets.values()))
    today, lists = timezone.localdate(), VendorList.objects.in_bulk({model.provider_id for model in models})
    for model in models:
        order = orders.get(model.provider_id, Positions(()))
        facts = RowFacts(
            may_move=rights.move,
            may_switch=rights.switch,
            may_lead=rights.lead,
            health=_health(model, states),
            meters=meters(buckets[model.pk], usage),
            rank=ranks.get(model.provider_id, {}).get(model.pk, 0),
            total=len(order.keys),
            mark=order.mark,
            is_start=order.start == model.pk,
            standing=end_words(standing_of(model, model.provider, lists.get(model.provider_id), today)),
        )
        set_facts(model, facts)
    return orders


def _health(model: Model, states: Mapping[str, ScopeState]) -> Health:
    """A model is held up by its own suspension, or else by its provider's."""
    own, provider = (health_of(states.get(scope_of(row))) for row in (model, model.provider))
    return provider if provider.suspended_until and not own.suspended_until else own


def _ranks(order: Positions) -> dict[object, int]:
    return {key: rank for rank, key in enumerate(order.shown, start=1)}


def _buckets_of_model(model: Model) -> tuple[Bucket, ...]:
    """Its own; what it shares with others is shown at its provider."""
    route = route_of(model, model.provider)
    return tuple(bucket for bucket in route.buckets if bucket.key == route.key)
