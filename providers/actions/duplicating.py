"""A second provider for another key of the same vendor."""

import re
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from providers.actions import limits, ordering, secrets, values
from providers.actions.providers import FIELDS, MODEL_FIELDS, create_provider
from providers.configuration import audit, limit_lists
from providers.configuration.entries import limits_of
from providers.models import Model, Provider, ProviderConfig
from providers.secrecy.fingerprint import fingerprint
from providers.secrecy.origin import origin

NUMBERED = re.compile(r"(?P<stem>.+)[- ](?P<number>[2-9]|[1-9]\d)")
LONGEST_ID, LONGEST_NAME = 50, 100
OWN_OF_A_MODEL = ("id", "provider", "created_at", "updated_at")


@transaction.atomic
def duplicate_provider(
    provider_id: str,
    *,
    api_key: Any,
    new_id: str | None = None,
    name: str | None = None,
    config: Any = secrets.UNSET,
) -> Provider:
    """A provider like this one, right after it: every column of it and of its models, what was learnt of them too.

    The key is another one. ``config`` are its secret settings: those of the first are not copied, since most say whose
    account the key belongs to. Id and name are suggested where they are left out.
    """
    key = secrets.clean_key(api_key)
    if key is None:
        raise ValidationError({"api_key": "Give the other key. It is what makes a second provider of this one."})
    listed = ordering.lock_providers()
    first = next((entry for entry in listed if entry.pk == provider_id), None)
    if first is None:
        raise Provider.DoesNotExist(f"No provider {provider_id!r}.")
    _refuse_known_key(key, first)
    suggested = suggested_names(first, [entry.pk for entry in listed])
    columns = {column: getattr(first, column) for column in FIELDS if column not in MODEL_FIELDS}
    own = {"id": new_id or suggested[0], "name": name or suggested[1], "order": listed.index(first) + 1}
    shared = [limit_lists.written(entry) for entry in limits_of(first).others]
    with audit.together():
        second = create_provider({**columns, **own, "limits": shared})
        audit.record(audit.copied(second, of=first.pk))
        _copy_models(first, second)
        secrets.set_secrets(second.pk, api_key=key, **({} if config is secrets.UNSET else {"config": config}))
    return second


def suggested_names(provider: Provider, taken: Collection[str]) -> tuple[str, str]:
    """Id and name of the next one: "groq" has "groq-2", and that one "groq-3", as far as they are free."""
    known = NUMBERED.fullmatch(provider.pk)
    stem, number = (known["stem"], int(known["number"])) if known else (provider.pk, 1)
    used = {entry.lower() for entry in taken}
    ids = ((n, _numbered(stem, f"-{n}", LONGEST_ID)) for n in range(number + 1, number + len(used) + 2))
    free, new_id = next((n, new_id) for n, new_id in ids if new_id.lower() not in used)
    called = NUMBERED.fullmatch(provider.name)
    title = called["stem"] if called and int(called["number"]) == number else provider.name
    return new_id, _numbered(title, f" {free}", LONGEST_NAME)


def _numbered(stem: str, ending: str, longest: int) -> str:
    return stem[: longest - len(ending)] + ending


def _refuse_known_key(key: str, first: Provider) -> None:
    holders = ProviderConfig.objects.filter(api_key_fingerprint=fingerprint(key)).defer("api_key", "config")
    for holder in holders.select_related("provider"):
        if origin(holder.provider.base_url) == origin(first.base_url):
            message = (
                f"{holder.provider} has this key already. A vendor counts one key once, and two providers would use "
                "its limits twice. Paste another key."
            )
            raise ValidationError({"api_key": message})


def _copy_models(first: Provider, second: Provider) -> None:
    copies = [_copy(model, second) for model in ordering.models_of(first)]
    by_id = {copy.model_id: copy for copy in Model.objects.bulk_create(copies)}
    told = limits.copy({model: by_id[model.model_id] for model in ordering.models_of(first)})
    audit.record(*(audit.created(copy, limits=told[copy]) for copy in by_id.values()))
    before = audit.facts(second)
    for column in MODEL_FIELDS:
        head = getattr(first, column)
        setattr(second, column, by_id[head.model_id] if head else None)
    second.save(update_fields=MODEL_FIELDS)
    audit.record(audit.changed(second, before))


def _copy(model: Model, provider: Provider) -> Model:
    try:
        values.check_extra({"extra_config": model.extra_config}, {})
    except ValidationError as refusal:
        problems = [f"{model.model_id}: {problem}" for problem in refusal.messages]
        raise ValidationError({"extra_config": problems}) from None
    columns = [field.name for field in Model._meta.concrete_fields if field.name not in OWN_OF_A_MODEL]
    return Model(provider=provider, **{column: getattr(model, column) for column in columns})
