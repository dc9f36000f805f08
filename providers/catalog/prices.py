"""What calls cost at vendors, and how much text their models take: data of genai-prices (tools.model_prices)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

PRICES = Path(__file__).with_name("prices.json")


@dataclass(frozen=True, slots=True)
class KnownPrice:
    """In US dollars per million tokens; None where it is not known. Above ``dearer_above`` prompt tokens it is more."""

    input: Decimal | None = None
    output: Decimal | None = None
    context_window: int | None = None
    dearer_above: int | None = None

    @property
    def is_priced(self) -> bool:
        return self.input is not None and self.output is not None


NOTHING = KnownPrice()


def known_price(vendor: str | None, model_id: str, today: date) -> KnownPrice:
    """The price that holds on that day, of exactly this id: a name that begins so may be another model."""
    found = _data()["vendors"].get(vendor, {}).get(model_id)
    if found is None:
        return NOTHING
    holding = [price for price in found["prices"] if (price["from"] or "") <= today.isoformat()]
    if not holding:
        return KnownPrice(context_window=found["context_window"])
    price = holding[-1]
    return KnownPrice(
        Decimal(price["input"]), Decimal(price["output"]), found["context_window"], price.get("dearer_above")
    )


def source() -> str:
    return str(_data()["source"])


def as_at() -> date:
    return date.fromisoformat(_data()["as_at"])


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(PRICES.read_text(encoding="utf-8"))
    return data
