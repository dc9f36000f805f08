"""Rows of a page, dressed with what their person may do and with what the shared store says: one query, one trip."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from django.http import HttpRequest

from providers.admin.rows import RowFacts, set_facts
from providers.budgets import look, meters, route_of
from providers.choices import LimitsScope
from providers.models import Model, Provider
from providers.orders import Order, read_model_orders, read_provider_order
from providers.routing.budget import Bucket
from providers.routing.stores import ScopeState
from providers.standing import Standing, scope_of, standing_of


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


def dress_providers(providers: Sequence[Provider], rights: Rights) -> None:
    order = read_provider_order()
    ranks = _ranks(order)
    buckets = {provider.pk: _buckets_of_provider(provider) for provider in providers}
    states, usage = look(map(scope_of, providers), chain.from_iterable(buckets.values()))
    for provider in providers:
        facts = RowFacts(
            may_move=rights.move,
            may_switch=rights.switch,
            standing=standing_of(states.get(provider.pk)),
            meters=meters(buckets[provider.pk], usage),
            rank=ranks.get(provider.pk, 0),
            total=len(ranks),
            mark=order.mark,
        )
        set_facts(provider, facts)


def dress_models(models: Sequence[Model], rights: Rights) -> dict[str, Order]:
    """Their providers must be loaded. Gives the orders of all their providers' models."""
    orders = read_model_orders({model.provider_id for model in models})
    ranks = {provider_id: _ranks(order) for provider_id, order in orders.items()}
    buckets = {model.pk: _buckets_of_model(model) for model in models}
    scopes = [scope_of(row) for model in models for row in (model, model.provider)]
    states, usage = look(scopes, chain.from_iterable(buckets.values()))
    for model in models:
        order = orders.get(model.provider_id, Order(()))
        facts = RowFacts(
            may_move=rights.move,
            may_switch=rights.switch,
            may_lead=rights.lead,
            standing=_standing(model, states),
            meters=meters(buckets[model.pk], usage),
            rank=ranks.get(model.provider_id, {}).get(model.pk, 0),
            total=len(order.keys),
            mark=order.mark,
            is_start=order.start == model.pk,
        )
        set_facts(model, facts)
    return orders


def _standing(model: Model, states: Mapping[str, ScopeState]) -> Standing:
    """A model is held up by its own suspension, or else by its provider's."""
    own, provider = (standing_of(states.get(scope_of(row))) for row in (model, model.provider))
    return provider if provider.suspended_until and not own.suspended_until else own


def _ranks(order: Order) -> dict[object, int]:
    return {key: rank for rank, key in enumerate(order.shown, start=1)}


def _buckets_of_provider(provider: Provider) -> tuple[Bucket, ...]:
    """Its own; with limits per model it has none."""
    if provider.limits_scope == LimitsScope.MODEL:
        return ()
    return route_of(Model(model_id="-"), provider).buckets


def _buckets_of_model(model: Model) -> tuple[Bucket, ...]:
    """Its own; what it shares with others is shown at its provider."""
    route = route_of(model, model.provider)
    return tuple(bucket for bucket in route.buckets if bucket.key == route.key)
