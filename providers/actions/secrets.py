"""Changes of a provider's key and secret settings."""

import logging
from enum import Enum
from functools import partial
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from providers.actions import ordering, values
from providers.calling import shared_store
from providers.configuration import audit
from providers.fields import Unreadable
from providers.models import ConfigurationChange, ProviderConfig, ToldLimit
from providers.validators import validate_secret_settings

logger = logging.getLogger(__name__)
LONGEST_KEY = 4096
SECRETS = ("api_key", "config")


class Unset(Enum):
    UNSET = "unset"


UNSET: Final = Unset.UNSET


@transaction.atomic
def set_secrets(provider_id: str, *, api_key: str | Unset | None = UNSET, config: Any = UNSET) -> ProviderConfig:
    """Stores what is given and leaves the rest; None or "" removes.

    Never reads what was stored, so that a row that cannot be decrypted can be replaced.
    """
    changes: dict[str, Any] = {}
    if api_key is not UNSET:
        key = clean_key(api_key)
        changes |= {"api_key": key, "key_set_at": timezone.now() if key else None}
    if config is not UNSET:
        changes["config"] = _clean_config(config)
    if any(changes.values()):
        changes["removed_with"] = ""
    ordering.lock_provider(provider_id)
    if "api_key" in changes:  # another account may have other limits
        ToldLimit.objects.filter(model__provider_id=provider_id).delete()
    before = stored_secrets(provider_id)
    secrets = ProviderConfig.objects.defer("api_key", "config").filter(pk=provider_id).first()
    if secrets is None:
        secrets = ProviderConfig(provider_id=provider_id, **changes)
        secrets.save(force_insert=True)
    elif changes:
        values.assign(secrets, changes)
        secrets.save(update_fields=[*changes, "updated_at"])
    has_settings = before.has_settings if config is UNSET else changes["config"] is not None
    after = audit.Stored.of(secrets, has_settings=has_settings)
    audit.record(
        audit.key_changed(provider_id, before, after) if "api_key" in changes else None,
        audit.settings_changed(provider_id, before, after) if "config" in changes else None,
    )
    if changes:
        transaction.on_commit(partial(shared_store.clear, provider_id))
    return secrets


def stored_secrets(provider_id: str) -> audit.Stored:
    """What may be told of them; nothing is decrypted."""
    told = ProviderConfig.objects.defer("api_key", "config").filter(pk=provider_id)
    config = told.annotate(has_settings=Q(config__isnull=False)).first()
    return audit.Stored.of(config, has_settings=config is not None and config.has_settings)


def remove_secrets(provider_id: str, belonged_to: str) -> list[ConfigurationChange]:
    """Removes what is stored, if anything is, with a note to whom it belonged. The caller holds the provider's lock.

    The changes that it comes to are the caller's to record.
    """
    before, nothing = stored_secrets(provider_id), audit.Stored()
    stored = ProviderConfig.objects.filter(pk=provider_id)
    removed = stored.exclude(api_key__isnull=True, config__isnull=True).update(
        api_key=None,
        config=None,
        api_key_last4="",
        api_key_fingerprint="",
        key_set_at=None,
        removed_with=belonged_to,
        updated_at=timezone.now(),
    )
    if removed:
        logger.warning("The secrets of provider %s were removed: they belonged to %s.", provider_id, belonged_to)
    changes = (
        audit.key_changed(provider_id, before, nothing),
        audit.settings_changed(provider_id, before, nothing),
    )
    return [change for change in changes if change is not None]


@transaction.atomic
def reencrypt_secrets() -> tuple[list[str], list[str]]:
    """Write every secret anew under the first of FERNET_KEYS.

    Ids of the providers that are done, and of those with a secret that no key decrypts.
    """
    done: list[str] = []
    unreadable: list[str] = []
    changes: list[ConfigurationChange] = []
    for secrets in ProviderConfig.objects.select_for_update().order_by("pk"):
        readable = [name for name in SECRETS if not isinstance(getattr(secrets, name), Unreadable)]
        (done if len(readable) == len(SECRETS) else unreadable).append(str(secrets.pk))
        if readable:
            secrets.save(update_fields=readable)
            if any(getattr(secrets, name) is not None for name in readable):
                changes.append(audit.reencrypted(str(secrets.pk)))
    audit.record(*changes)
    return done, unreadable


def clean_key(key: Any) -> str | None:
    """A key as pasted, without the blanks around it. No message ever repeats it."""
    if key is None:
        return None
    if not isinstance(key, str):
        raise ValidationError({"api_key": "Give the key as text, or null to remove it."})
    bare = key.strip()
    if not bare:
        return None
    if not (bare.isascii() and bare.isprintable()) or " " in bare or len(bare) > LONGEST_KEY:
        raise ValidationError(
            {"api_key": "The key holds blanks, line breaks or characters outside ASCII. Copy it again, just the key."}
        )
    return bare


def _clean_config(config: Any) -> dict[str, Any] | None:
    if config is None:
        return None
    if not values.is_json_object(config):
        raise ValidationError({"config": "Give a JSON object, such as {}, or null to remove it."})
    if problem := values.unstorable(config):
        raise ValidationError({"config": problem})
    try:
        validate_secret_settings(config)
    except ValidationError as error:
        raise ValidationError({"config": error.messages}) from None
    return config
