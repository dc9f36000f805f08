"""The Lua that runs inside the server, as files. Each script is its parts, one after the other."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PARTS = {
    "restore": ("common", "budgets", "restore"),
    "ops": ("common", "budgets", "breakers", "holds", "places", "obstacles", "waiting", "fairness", "urgency", "ops"),
}


@dataclass(frozen=True, slots=True)
class Script:
    text: str
    sha: str


@cache
def load(name: str) -> Script:
    """Read once per process; ``sha`` is the name under which the server keeps the text."""
    text = "\n".join((FOLDER / f"{part}.lua").read_text(encoding="utf-8") for part in PARTS.get(name, ("common", name)))
    return Script(text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())
