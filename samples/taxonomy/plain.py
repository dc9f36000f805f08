"""Taxonomies as plain data, which JSON can hold, and back: what a batch keeps of what it was ordered by. Pure.

What the data lacks takes the value's default, so that what was written by an earlier version can be read: a new field
of a value needs a default.
"""

import json
from collections.abc import Hashable, Mapping
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from hashlib import blake2s
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from samples.taxonomy.values import Taxonomy

V = TypeVar("V")


def as_plain(value: Any) -> dict[str, Any]:
    """Of a taxonomy, or of one of its values."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(value)))
    return plain


def read_plain(kind: type[V], plain: Mapping[str, Any]) -> V:
    """The value of that kind; names that it does not have are left out."""
    hints = {name: hint for name, hint in _hints(cast(Hashable, kind)) if name in plain}
    return kind(**{name: _read(hint, plain[name]) for name, hint in hints.items()})


def fingerprint(known: Taxonomy) -> str:
    """Differs where anything of the taxonomy does: 32 characters."""
    told = json.dumps(as_plain(known), sort_keys=True, ensure_ascii=False)
    return blake2s(told.encode(), digest_size=16).hexdigest()


@cache
def _hints(kind: Hashable) -> tuple[tuple[str, Any], ...]:
    """Of a dataclass, by the names of its fields."""
    hints = get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in fields(cast(Any, kind)))


def _read(hint: Any, plain: Any) -> Any:
    if is_dataclass(hint) and isinstance(hint, type):
        return read_plain(hint, plain)
    if get_origin(hint) is tuple:
        return _read_tuple(get_args(hint), plain)
    if plain is not None and get_args(hint):  # this or none
        return _read(get_args(hint)[0], plain)
    return plain


def _read_tuple(kinds: tuple[Any, ...], plain: Any) -> tuple[Any, ...]:
    if kinds[-1] is Ellipsis:
        return tuple(_read(kinds[0], entry) for entry in plain)
    return tuple(_read(kind, entry) for kind, entry in zip(kinds, plain, strict=True))
