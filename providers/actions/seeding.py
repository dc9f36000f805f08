"""Writing the catalog into the database: what is not there yet, and what is to be as it was."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from providers.actions.models import create_model, reorder_models, update_model
from providers.actions.ordering import lock_providers
from providers.actions.providers import create_provider, update_provider
from providers.actions.secrets import set_secrets
from providers.catalog import CatalogueEntry, catalogue, key_from
from providers.catalog.today import catalogue_of_today
from providers.choices import AuditAction, KeyState, LimitsScope, Pacing
from providers.configuration import audit, limit_lists
from providers.limit_columns import LIMITS
from providers.models import Model, ProviderConfig
from providers.routing.config import Limits, ModelEntry, ProviderEntry


@dataclass(frozen=True, slots=True)
class Seeded:
    """What became of one provider of the catalogue, in words for people. ``lacking`` models were not added to it."""

    provider_id: str
    provider: str
    models: str
    key: str
    lacking: tuple[str, ...] = ()


@transaction.atomic
def seed(
    environ: Mapping[str, str], *, reset: Collection[str] = (), dry_run: bool = False, today: date | None = None
) -> list[Seeded]:
    """Writes what is missing of the catalogue, and what ``reset`` names as the catalogue has it; all or nothing.

    A provider that exists is left as it is, so a model that a person deleted stays deleted. ``dry_run`` rolls back.
    With ``today`` it is the catalogue of that day, with the limits of the free tiers.
    """
    entries = catalogue() if today is None else catalogue_of_today(today)
    known = {entry.provider.id for entry in entries}
    if unknown := sorted(set(reset) - known):
        raise ValidationError({"reset": f"Unknown: {', '.join(unknown)}. Known: {', '.join(sorted(known))}."})
    existing = {provider.pk for provider in lock_providers()}
    with audit.together(created_as=AuditAction.SEEDED):
        done = [_seed_one(entry, environ, entry.provider.id in existing, reset) for entry in entries]
    if dry_run:
        transaction.set_rollback(True)
    return done


def _seed_one(entry: CatalogueEntry, environ: Mapping[str, str], exists: bool, reset: Collection[str]) -> Seeded:
    provider = entry.provider
    models = f"{len(provider.models)} models"
    if not exists:
        create_provider({"id": provider.id, **_provider_values(provider)})
        for model in provider.models:
            create_model(provider.id, _model_values(model))
        update_provider(provider.id, _heads(provider))
        done = ("created", f"{models} created")
    elif provider.id in reset:
        done = ("reset", f"{models}, {_reset(provider)}")
    else:
        done = ("kept as it is", f"{Model.objects.filter(provider_id=provider.id).count()} models kept")
    there = set(Model.objects.filter(provider_id=provider.id).values_list("model_id", flat=True))
    lacking = tuple(model.model_id for model in provider.models if model.model_id not in there)
    return Seeded(provider.id, *done, _seed_key(entry, environ), lacking)


def _reset(provider: ProviderEntry) -> str:
    there = {model.model_id: model.pk for model in Model.objects.filter(provider_id=provider.id)}
    for model in provider.models:
        if model.model_id in there:
            update_model(there[model.model_id], _model_values(model))
        else:
            create_model(provider.id, _model_values(model))
    reorder_models(provider.id, [model.model_id for model in provider.models])
    update_provider(provider.id, {**_provider_values(provider), **_heads(provider)})
    others = len(there.keys() - {model.model_id for model in provider.models})
    return f"{others} of your own after them" if others else "in the catalogue's order"


def _seed_key(entry: CatalogueEntry, environ: Mapping[str, str]) -> str:
    """A stored key is never overwritten, not even one that can no longer be decrypted."""
    secrets = ProviderConfig.objects.filter(pk=entry.provider.id).first()
    if secrets is not None and secrets.key_state is KeyState.UNREADABLE:
        return "stored one cannot be decrypted: enter a new one"
    if secrets is not None and secrets.has_key:
        return "stored one kept"
    key = key_from(environ, entry.env_key)
    if key is None:
        gone = (
            f"none, the stored one belonged to {secrets.removed_with}" if secrets and secrets.removed_with else "none"
        )
        return f"{gone}, {entry.env_key} is not set"
    try:
        set_secrets(entry.provider.id, api_key=key)
    except ValidationError:
        return f"none, what {entry.env_key} holds is no key"
    return f"stored from {entry.env_key}"


def _provider_values(provider: ProviderEntry) -> dict[str, Any]:
    return {
        "name": provider.name,
        "adapter": provider.adapter,
        "base_url": provider.base_url,
        "enabled": provider.enabled,
        "requires_key": provider.requires_key,
        "limits_scope": (LimitsScope.MODEL if provider.limits_are_per_model else LimitsScope.ACCOUNT).value,
        "pacing": (Pacing.SMOOTH if provider.is_smooth else Pacing.WINDOW).value,
        "max_concurrency": provider.max_concurrency,
        "extra_config": dict(provider.extra_config),
        **_limit_values(provider.limits),
    }


def _heads(provider: ProviderEntry) -> dict[str, Any]:
    return {"default_model": provider.default_model, "champion_model": provider.champion_model}


def _model_values(model: ModelEntry) -> dict[str, Any]:
    known = asdict(model)
    del known["adaptations"]  # these are learnt
    del known["limits"]
    return {**known, **_limit_values(model.limits)}


def _limit_values(known: Limits) -> dict[str, Any]:
    """The columns, and the list of the others."""
    columns = {name: getattr(known, name) for name in LIMITS}
    return {**columns, "limits": [limit_lists.written(entry) for entry in known.others]}
