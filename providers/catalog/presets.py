"""Vendors that the form for a new provider can fill in, as data; and whose key a key looks like."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from providers.configuration import limit_lists
from providers.models import Provider
from providers.secrecy.origin import origin

PRESETS = Path(__file__).with_name("presets.json")
DEFAULTS: Mapping[str, Any] = {
    "adapter": "openai",
    "requires_key": True,
    "limits_scope": "account",
    "pacing": "window",
    "requests_per_minute": None,
    "tokens_per_minute": None,
    "requests_per_day": None,
    "limits": [],
    "max_concurrency": None,
}
LOCAL = ("127.", "10.", "192.168.", "host.docker")
FIELDS = ("id", "name", "base_url", *DEFAULTS)


@dataclass(frozen=True, slots=True)
class Preset:
    """``values`` are the fields of a new provider, all of them, so that one preset leaves nothing of another."""

    id: str
    name: str
    values: Mapping[str, Any]
    note: str = ""
    key_prefixes: tuple[str, ...] = ()
    keys_url: str = ""

    @property
    def base_url(self) -> str:
        return str(self.values["base_url"])


@cache
def presets() -> tuple[Preset, ...]:
    return tuple(_preset(item) for item in _data()["presets"])


def preset(preset_id: str) -> Preset | None:
    return next((entry for entry in presets() if entry.id == preset_id), None)


def preset_at(base_url: str) -> Preset | None:
    """The vendor that has this address."""
    here = origin(base_url)
    return next((entry for entry in presets() if origin(entry.base_url) == here), None)


def suggested(entry: Preset, taken: Collection[str]) -> dict[str, Any]:
    """The preset's values, with an id and a name that are still free."""
    used = {name.lower() for name in taken}
    number = next(n for n in range(1, len(used) + 2) if _numbered(entry.id, n, "-") not in used)
    return {**entry.values, "id": _numbered(entry.id, number, "-"), "name": _numbered(entry.name, number, " ")}


def vendor_of_key(key: str) -> str | None:
    """Whose key it looks like, by how it begins; the longest beginning that fits counts."""
    known = _prefixes()
    fitting = [prefix for prefix in known if key.startswith(prefix)]
    return known[max(fitting, key=len)] if fitting else None


def misplaced_key(key: str, base_url: str) -> str | None:
    """The vendor whose key it looks like, where that is not the one at this address."""
    vendor, here = vendor_of_key(key.strip()), preset_at(base_url)
    return vendor if vendor and (here is None or here.name != vendor) and not is_local(base_url) else None


def is_local(base_url: str) -> bool:
    """Whether the address stays on this machine or its own network, as far as its spelling tells."""
    host = base_url.partition("://")[2].partition("/")[0].partition(":")[0].lower()
    return host.endswith((".local", ".internal")) or host.startswith(LOCAL) or "." not in host


def _numbered(text: str, number: int, joint: str) -> str:
    return text if number == 1 else f"{text}{joint}{number}"


@cache
def _prefixes() -> Mapping[str, str]:
    own = {prefix: entry.name for entry in presets() for prefix in entry.key_prefixes}
    return {**_data()["other_key_prefixes"], **own}


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(PRESETS.read_text(encoding="utf-8"))
    return data


def _preset(item: Mapping[str, Any]) -> Preset:
    values = {name: item.get(name, DEFAULTS.get(name)) for name in FIELDS}
    scopes = limit_lists.scopes_of(Provider(limits_scope=values["limits_scope"]))
    limits = [limit_lists.written(entry) for entry in limit_lists.read(values["limits"], scopes)]
    return Preset(
        item["id"],
        item["name"],
        {**values, "limits": limits},
        item.get("note", ""),
        tuple(item.get("key_prefixes", ())),
        item.get("keys_url", ""),
    )
