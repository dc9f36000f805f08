"""The secrets of a provider."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from providers.choices import KeyState
from providers.fields import EncryptedJSONField, EncryptedTextField, Unreadable
from providers.models.provider import Provider
from providers.secrecy.fingerprint import fingerprint, last_four

SECRET_FIELDS = ("api_key", "config")


class ProviderConfig(models.Model):
    """The provider's secrets. Last four characters and fingerprint stand in the clear, so that lists never decrypt."""

    provider = models.OneToOneField(Provider, on_delete=models.CASCADE, related_name="config", primary_key=True)
    api_key = EncryptedTextField("API key", null=True, blank=True)
    config = EncryptedJSONField("secret settings", null=True, blank=True)
    # Like the key itself they stay out of dumps: a loaded row must not claim a key that did not come along.
    api_key_last4 = models.CharField(max_length=4, blank=True, editable=False, serialize=False)
    api_key_fingerprint = models.CharField(max_length=16, blank=True, editable=False, serialize=False)
    key_set_at = models.DateTimeField(null=True, blank=True, editable=False, serialize=False)
    # Where secrets went that were stored, until others are: a key that vanished must say why.
    removed_with = models.CharField(
        max_length=500, blank=True, default="", db_default="", editable=False, serialize=False
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "provider_configs"

    def __str__(self) -> str:
        return f"secrets of {self.provider_id}"

    def __getstate__(self) -> dict[str, Any]:
        """Pickles and copies carry no secret: a copy reads it from the database when asked."""
        return {name: value for name, value in super().__getstate__().items() if name not in SECRET_FIELDS}

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps last four and fingerprint in step with the key, and leaves alone a secret that cannot be decrypted."""
        fields = self._fields_to_save(kwargs.get("update_fields"))
        if "api_key" not in self.get_deferred_fields() and not isinstance(self.api_key, Unreadable):
            self.api_key_last4 = last_four(self.api_key)
            self.api_key_fingerprint = fingerprint(self.api_key)
            if fields is not None and "api_key" in fields:
                fields |= {"api_key_last4", "api_key_fingerprint"}
        super().save(*args, **{**kwargs, "update_fields": fields})

    def _fields_to_save(self, update_fields: Iterable[str] | None) -> set[str] | None:
        unreadable = {name for name in SECRET_FIELDS if isinstance(self.__dict__.get(name), Unreadable)}
        if update_fields is not None:
            return set(update_fields)
        if not unreadable or self._state.adding:
            return None
        loaded = {field.attname for field in self._meta.concrete_fields} - self.get_deferred_fields()
        return loaded - unreadable - {"provider_id"}

    @property
    def has_key(self) -> bool:
        return bool(self.api_key_fingerprint)

    @property
    def note(self) -> str:
        """Why nothing is stored where something was; empty where there is no more to say."""
        if not self.removed_with:
            return ""
        return (
            f"The stored key and secret settings were removed: they belonged to {self.removed_with}. "
            "Enter those for the new address."
        )

    @property
    def key_state(self) -> KeyState:
        """Decrypts, so for one row at a time; lists go by ``has_key``."""
        if isinstance(self.api_key, Unreadable):
            return KeyState.UNREADABLE
        return KeyState.STORED if self.api_key else KeyState.MISSING
