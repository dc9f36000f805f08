"""Changes of providers: made, changed, put in order, deleted."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from providers.actions import learning, limits, ordering, values
from providers.actions.secrets import remove_secrets, stored_secrets
from providers.calling import shared_store
from providers.configuration import audit
from providers.limit_columns import LIMITS
from providers.models import Model, Provider
from providers.secrecy.origin import origin

FIELDS = (
    "name",
    "adapter",
    "base_url",
    "enabled",
    "limits_scope",
    "pacing",
    "max_concurrency",
    "requires_key",
    *LIMITS,
    "default_model",
    "champion_model",
    "extra_config",
)
MODEL_FIELDS = ("default_model", "champion_model")
REACHED_BY = ("adapter", "base_url", "extra_config", "requires_key")


@transaction.atomic
def create_provider(new: Mapping[str, Any]) -> Provider:
    """At the end of the list where no ``order`` is given. Default and champion come later: it has no models yet."""
    new, given_limits = limits.split(new)
    values.check(Provider, new, ("id", "order", *FIELDS))
    values.check_extra(new, {})
    listed = ordering.lock_providers()
    provider = Provider(id=new.get("id", ""), order=len(listed))
    _assign(provider, {name: value for name, value in new.items() if name not in ("id", "order")})
    provider.full_clean(exclude=["order"])
    _refuse_twin(provider.pk, [entry.pk for entry in listed])
    ordering.rewrite(listed)
    provider.save(force_insert=True)
    if "order" in new:
        ordering.rewrite(ordering.placed(listed, provider, new["order"]))
    if given_limits is not None:
        limits.replace(provider, given_limits)
    audit.record(audit.created(provider, limits=limits.words(provider) if given_limits else ()))
    _clear_later(provider.pk)
    return provider


@transaction.atomic
def update_provider(provider_id: str, changes: Mapping[str, Any]) -> Provider:
    """Changes the named fields only; ``order`` is clamped to the list.

    The id stays: it is what batches, keys and limits go by. Where the address moves to another scheme, host or port,
    the stored secrets are removed: they were entered for the old one, and must not be sent to the new one.
    """
    changes, given_limits = limits.split(changes)
    values.check(Provider, changes, ("id", "order", *FIELDS))
    if changes.get("id", provider_id) != provider_id:
        raise ValidationError({"id": "The id of a provider cannot change. Create another provider instead."})
    listed = ordering.lock_providers() if "order" in changes else []
    provider = ordering.lock_provider(provider_id)
    before = audit.facts(provider)
    values.check_extra(changes, before)
    named = {name: value for name, value in changes.items() if name not in ("id", "order")}
    _assign(provider, named)
    provider.full_clean(exclude=["order"])
    if named:
        provider.save(update_fields=[*named, "updated_at"])
    removed = []
    if origin(provider.base_url) != origin(before["base_url"]):
        removed = remove_secrets(provider_id, origin(before["base_url"]))
    if any(before[name] != getattr(provider, name) for name in ("adapter", "base_url")):
        learning.forget_all(ordering.models_of(provider))
    if listed:
        ordering.rewrite(ordering.placed(listed, provider, changes["order"]))
    audit.record(audit.changed(provider, before, limits=limits.replaced(provider, given_limits)), *removed)
    if (provider.enabled and not before["enabled"]) or any(
        before[name] != getattr(provider, name) for name in REACHED_BY
    ):
        _clear_later(provider_id)
    return provider


def set_provider_enabled(provider_id: str, enabled: bool) -> Provider:
    return update_provider(provider_id, {"enabled": enabled})


@transaction.atomic
def delete_provider(provider_id: str) -> None:
    """With its models and its secrets; samples keep its name."""
    listed = ordering.lock_providers()
    provider = next((entry for entry in listed if entry.pk == provider_id), None)
    if provider is None:
        raise Provider.DoesNotExist(f"No provider {provider_id!r}.")
    _clear_later(provider_id)
    models = [model.model_id for model in ordering.models_of(provider)]
    key, gone = stored_secrets(provider_id).key, limits.words(provider)
    was = audit.deleted(provider, models=models, key=key, limits=gone)
    provider.delete()
    rest = Provider.objects.order_by("order", "pk")
    ordering.rewrite(list(rest))
    audit.record(was)


@transaction.atomic
def move_provider(provider_id: str, *, before: str | None = None, after: str | None = None) -> Provider:
    """Puts it right before or right after another one."""
    listed = {provider.pk: provider for provider in ordering.lock_providers()}
    if provider_id not in listed:
        raise Provider.DoesNotExist(f"No provider {provider_id!r}.")
    was = audit.facts(listed[provider_id])
    ordering.rewrite(ordering.moved(listed, provider_id, before=before, after=after))
    audit.record(audit.changed(listed[provider_id], was))
    return listed[provider_id]


def _refuse_twin(provider_id: str, taken: Sequence[str]) -> None:
    """Ids that differ in letter case only would be mistaken for each other, in paths and in logs."""
    twin = next((known for known in taken if known.lower() == provider_id.lower()), None)
    if twin is not None:
        raise ValidationError({"id": f"'{twin}' exists already, and letter case makes no new id. Choose another id."})


def _assign(provider: Provider, named: Mapping[str, Any]) -> None:
    found = {name: _model_of(provider, name, named[name]) for name in MODEL_FIELDS if name in named}
    values.assign(provider, {**named, **found})


def _model_of(provider: Provider, field: str, model_id: str | None) -> Model | None:
    if model_id is None:
        return None
    known = list(Model.objects.filter(provider_id=provider.pk).order_by("fallback_priority"))
    found = next((model for model in known if model.model_id == model_id), None)
    if found is None:
        names = ", ".join(model.model_id for model in known) or "none yet, add its models first"
        raise ValidationError({field: f"{model_id!r} is no model of this provider. Its models: {names}."})
    return found


def _clear_later(provider_id: str) -> None:
    """What the breaker has learned of the provider is about what it was before."""
    transaction.on_commit(partial(shared_store.clear, provider_id))
