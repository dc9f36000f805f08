"""What is known of vendors' models: which are retired, when, and what took their place; as data, with sources.

Facts to show, never to enforce: a vendor's own list says better what it has. They go by the vendor, which is told by a
provider's address, whatever the provider is called.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from providers.catalog.presets import preset_at

KNOWN = Path(__file__).with_name("known_models.json")


class Standing(StrEnum):
    """ENDING has a day in the future; RETIRED models are not served any more, or another one answers in their place."""

    CURRENT = "current"
    ENDING = "ending"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class KnownModel:
    """``on``: the day of its end, or the month, as far as that is known. ``as_at``: when the source said so.

    ``sure`` is False where no copy of the source verified it: it is told, and nothing is done by it.
    ``replaced_by`` may itself be replaced by now: ask ``successor``.
    """

    vendor: str
    model_id: str
    state: Standing
    source: str
    as_at: date
    sure: bool
    on: str | None = None
    note: str = ""
    replaced_by: str | None = None
    replacement_source: str = ""
    licence: str = ""
    context_window: int | None = None
    supports_json_schema: bool = False

    def standing(self, today: date) -> Standing:
        """What ends on a day has ended by then."""
        if self.state is Standing.ENDING and self.on and self.on <= today.isoformat():
            return Standing.RETIRED
        return self.state


def vendor_at(base_url: str) -> str | None:
    """The catalogue's vendor that has this address; None of a proxy, a server here, or one that nothing is known of."""
    preset = preset_at(base_url)
    return preset.id if preset is not None and preset.id in _data()["models"] else None


def known_model(vendor: str | None, model_id: str) -> KnownModel | None:
    return _models().get((vendor or "", model_id))


def successor(vendor: str, model_id: str, today: date) -> KnownModel | None:
    """What took its place and is served now, or is served longest; None where that is not known."""
    seen = {model_id}
    known, found = known_model(vendor, model_id), None
    while known is not None and known.replaced_by and known.replaced_by not in seen:
        seen.add(known.replaced_by)
        known = known_model(vendor, known.replaced_by)
        if known is not None and known.standing(today) is not Standing.RETIRED:
            found = known
    return found


def models_of_today(vendor: str) -> tuple[KnownModel, ...]:
    """In the order in which they are to be tried."""
    found = (known_model(vendor, model_id) for model_id in _data()["today"].get(vendor, ()))
    return tuple(known for known in found if known is not None)


def as_at() -> date:
    return date.fromisoformat(_data()["as_at"])


def free_limits(vendor: str) -> list[Mapping[str, Any]]:
    """As the file has them; ``free_tiers`` reads them."""
    listed: list[Mapping[str, Any]] = _data()["free_tier_limits"].get(vendor, [])
    return listed


def training_terms(vendor: str) -> str:
    """What the vendor's terms say of training on answers, second-hand; empty where nothing is known."""
    return str(_data()["training_terms"].get(vendor, ""))


@cache
def _models() -> Mapping[tuple[str, str], KnownModel]:
    return {
        (vendor, model_id): _known(vendor, model_id, facts)
        for vendor, models in _data()["models"].items()
        for model_id, facts in models.items()
    }


def _known(vendor: str, model_id: str, facts: Mapping[str, Any]) -> KnownModel:
    dated = date.fromisoformat(facts["as_at"]) if "as_at" in facts else as_at()
    return KnownModel(vendor, model_id, **{**facts, "as_at": dated, "state": Standing(facts["state"])})


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(KNOWN.read_text(encoding="utf-8"))
    return data
