"""Changes of a provider's models: made, changed, put in order, deleted."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils import timezone

from providers.actions import learning, limits, ordering, values
from providers.calling import shared_store
from providers.catalog.known_models import vendor_at
from providers.catalog.today import model_values
from providers.configuration import audit
from providers.limit_columns import LIMITS
from providers.models import Model

FIELDS = (
    "model_id",
    "display_name",
    "fallback_priority",
    "enabled",
    "max_tokens",
    "context_window",
    "supports_json_schema",
    "is_thinking_model",
    *LIMITS,
    "input_price",
    "cached_input_price",
    "output_price",
    "extra_config",
)
MOST_AT_ONCE = 500
# How its requests are phrased: what was learnt of one that was phrased otherwise is no longer true.
PHRASING = frozenset(
    {"model_id", "max_tokens", "context_window", "supports_json_schema", "is_thinking_model", "extra_config"}
)


@transaction.atomic
def create_model(provider_id: str, new: Mapping[str, Any]) -> Model:
    """Appends to the provider's list, or inserts at ``fallback_priority``."""
    new, given_limits = limits.split(new)
    values.check(Model, new, FIELDS)
    values.check_extra(new, {})
    provider = ordering.lock_provider(provider_id)
    listed = ordering.models_of(provider)
    model = Model(provider=provider, fallback_priority=len(listed))
    values.assign(model, _without_place(new))
    _full_clean(model)
    ordering.rewrite(listed)
    model.save(force_insert=True)
    ordering.rewrite(ordering.placed(listed, model, new.get("fallback_priority", len(listed))))
    if given_limits is not None:
        limits.replace(model, given_limits)
    audit.record(audit.created(model, limits=limits.words(model) if given_limits else ()))
    return model


@transaction.atomic
def create_models(provider_id: str, model_ids: Sequence[str]) -> list[Model]:
    """Appends them in this order, all or none, each with what the catalogue knows of it: price, context window."""
    vendor, today = vendor_at(ordering.lock_provider(provider_id).base_url), timezone.localdate()
    names = list(dict.fromkeys(model_ids))
    if not names:
        raise ValidationError({"models": "Choose at least one model."})
    if len(names) > MOST_AT_ONCE:
        raise ValidationError({"models": f"Choose {MOST_AT_ONCE} models at most at once."})
    problems: list[str] = []
    added: list[Model] = []
    for name in names:
        try:
            added.append(create_model(provider_id, {**model_values(vendor, name, today), "model_id": name}))
        except ValidationError as refusal:
            problems.append(f"{name}: {' '.join(refusal.messages)}")
    if problems:
        raise ValidationError({"models": problems})
    return added


@transaction.atomic
def update_model(pk: int, changes: Mapping[str, Any]) -> Model:
    """Changes the named fields only; ``fallback_priority`` moves it inside its provider's list."""
    changes, given_limits = limits.split(changes)
    values.check(Model, changes, FIELDS)
    model, listed = ordering.lock_model(pk)
    before = audit.facts(model)
    values.check_extra(changes, before)
    named = _without_place(changes)
    values.assign(model, named)
    _full_clean(model)
    if named:
        model.save(update_fields=[*named, "updated_at"])
    if model.model_id != before["model_id"]:
        learning.forget_all([model])
    if "fallback_priority" in changes:
        ordering.rewrite(ordering.placed(listed, model, changes["fallback_priority"]))
    audit.record(audit.changed(model, before, limits=limits.replaced(model, given_limits)))
    if model.enabled and not before["enabled"]:
        transaction.on_commit(partial(shared_store.clear, model.provider_id))
    elif PHRASING & set(named):
        transaction.on_commit(partial(shared_store.clear_model, model.provider_id, model.model_id))
    return model


def set_model_enabled(pk: int, enabled: bool) -> Model:
    return update_model(pk, {"enabled": enabled})


@transaction.atomic
def delete_model(pk: int) -> None:
    """Closes the gap; a provider whose champion or default it was has none."""
    model, _ = ordering.lock_model(pk)
    provider = model.provider
    was, before = audit.deleted(model, limits=limits.words(model)), audit.facts(provider)
    model.delete()
    ordering.rewrite(ordering.models_of(provider))
    provider.refresh_from_db()
    audit.record(was, audit.changed(provider, before))


def set_priority(pk: int, position: int) -> Model:
    """Moves it inside its provider's list, 0 first; a position beyond an end means that end."""
    return update_model(pk, {"fallback_priority": position})


@transaction.atomic
def reorder_models(provider_id: str, model_ids: Sequence[str]) -> list[Model]:
    """The named ones come first, in that order; the rest keep theirs."""
    provider = ordering.lock_provider(provider_id)
    listed = {model.model_id: model for model in ordering.models_of(provider)}
    ordered = ordering.reordered(listed, model_ids)
    ordering.rewrite(ordered)
    names = [model.model_id for model in ordered]
    audit.record(audit.reordered(provider_id, list(listed), names))
    return ordered


@transaction.atomic
def move_model(pk: int, *, before: int | None = None, after: int | None = None) -> Model:
    """Puts it right before or right after another model of the same provider."""
    model, listed = ordering.lock_model(pk)
    by_pk = {entry.pk: entry for entry in listed}
    was = audit.facts(model)
    ordering.rewrite(ordering.moved(by_pk, pk, before=before, after=after))
    audit.record(audit.changed(model, was))
    return model


def _full_clean(model: Model) -> None:
    """What speaks against the row as a whole is a model id that is there already: say so at that field."""
    try:
        model.full_clean(exclude=["fallback_priority"])
    except ValidationError as error:
        named = error.error_dict
        if general := named.pop(NON_FIELD_ERRORS, []):
            named["model_id"] = [*named.get("model_id", []), *general]
        raise ValidationError(named) from None


def _without_place(named: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in named.items() if name != "fallback_priority"}
