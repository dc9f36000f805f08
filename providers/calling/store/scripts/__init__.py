"""The Lua that runs inside the server, as files. Each script is its parts, one after the other."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
PARTS = {
    "restore": ("common", "budgets", "restore"),
    "ops": ("common", "budgets", "breakers", "holds", "places", "obstacles", "waiting", "fairness", "urgency", "ops"),
}


def literal(value: Any) -> str:
    """Of a dict, number or truth, as Lua writes it. Its names are plain words."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {literal(part)}" for name, part in value.items()) + "}"
    return str(value).lower() if isinstance(value, bool) else repr(value)


@dataclass(frozen=True, slots=True)
class Script:
    text: str
    sha: str


@cache
def load(name: str, rules: str) -> Script:
    """Read once per process; ``sha`` is the name under which the server keeps the text. ``rules`` stand in it, so that
    they are neither sent nor read again with every call."""
    parts = ((FOLDER / f"{part}.lua").read_text(encoding="utf-8") for part in PARTS.get(name, ("common", name)))
    text = "\n".join((f"local RULES = {rules}", *parts))
    return Script(text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())
