"""Encrypted columns: django-fernet-fields-v2, made safe where it stores or raises the wrong thing.

What the library does wrong by itself: an SQL expression (``bulk_update``, ``update(f=F(...))``) is stored as its repr,
and a value under an unknown key raises an empty InvalidToken while the row loads.
"""

import json
from typing import TYPE_CHECKING, Any

from cryptography.fernet import InvalidToken
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models

if TYPE_CHECKING:

    class FernetTextField(models.TextField[Any, Any]):
        """What the library ships without types."""

        keys: list[str]
        fernet: Any

        def from_db_value(self, value: Any, expression: Any, connection: Any, *args: Any) -> Any: ...

else:
    from fernet_fields import EncryptedTextField as FernetTextField


class Unreadable(str):
    """Stands for a stored secret that no key in FERNET_KEYS decrypts: empty, and never written back."""

    __slots__ = ()


UNREADABLE = Unreadable("")


class EncryptedTextField(FernetTextField):
    """Text, encrypted at rest and left out of dumps.

    A value that cannot be decrypted loads as ``UNREADABLE`` instead of breaking the row.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "serialize": False})

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if hasattr(value, "resolve_expression"):
            raise FieldError(
                f"{self.name} is encrypted: assign a value and save(), SQL expressions cannot be encrypted."
            )
        if isinstance(value, Unreadable):
            raise FieldError(
                f"{self.name} cannot be decrypted: set a new value before saving it, or leave it out of update_fields."
            )
        return super().get_db_prep_save(value, connection)

    def from_db_value(self, value: Any, expression: Any, connection: Any, *args: Any) -> Any:
        try:
            return super().from_db_value(value, expression, connection, *args)
        except (InvalidToken, UnicodeDecodeError):
            return UNREADABLE

    @property
    def fernet_keys(self) -> list[str]:
        if not self.keys:
            raise ImproperlyConfigured("FERNET_KEYS is empty: secrets can be neither written nor read.")
        return self.keys


class EncryptedJSONField(EncryptedTextField):
    """A JSON value inside encrypted text."""

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, Unreadable) or hasattr(value, "resolve_expression"):
            return value
        return json.dumps(value)

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str) or isinstance(value, Unreadable):
            return value
        return json.loads(value)

    def value_to_string(self, obj: Any) -> str:
        raise FieldError(f"{self.name} is secret and is not exported.")
