"""What calls cost at the vendors of the catalogue, taken from genai-prices into ``providers/catalog/prices.json``.

The application needs the file alone. To renew it:

    pip install --target /tmp/genai genai-prices==0.2.3
    PYTHONPATH=/tmp/genai python -m tools.model_prices --as-at 2026-11-28
"""

import argparse
import json
from collections.abc import Iterable, Iterator
from datetime import date
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

TARGET = Path("providers/catalog/prices.json")
PACKAGE = "genai-prices"
VENDORS = ("cerebras", "mistral", "google", "groq")
OWN = {"google": ("gemini-", "gemma-")}
"""Where a vendor's list holds models that are sold at another address too: how those of this one begin."""
ABOUT = (
    "List prices in US dollars per million tokens, and context windows. Of a price with tiers the first, with the "
    "number of prompt tokens above which it is dearer; of one that changes, each with the day that it holds from."
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--as-at", type=date.fromisoformat, required=True, help="the day of the package's data")
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    listed = {entry.id: entry.models for entry in import_module("genai_prices.data").providers}
    told = {
        "about": ABOUT,
        "source": f"{PACKAGE} {metadata.version(PACKAGE)}",
        "url": "https://github.com/pydantic/genai-prices",
        "as_at": options.as_at.isoformat(),
        "currency": "USD",
        "licence": "MIT",
        "licence_notice": licence(),
        "vendors": {vendor: dict(sorted(models_of(vendor, listed[vendor]))) for vendor in VENDORS},
    }
    options.out.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def licence() -> str:
    """The notice that copies of the data must carry."""
    texts = [file.read_text() for file in metadata.files(PACKAGE) or () if "licenses" in file.parts]
    return " ".join("".join(texts).split())


def models_of(vendor: str, models: Iterable[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """By each id that stands for exactly one model: none that begins so, and none that means another one tomorrow."""
    for model in models:
        prices = list(prices_of(model.prices))
        if not prices and not model.context_window:
            continue
        known = {"context_window": model.context_window, "prices": prices}
        for name in {model.id, *equal_names(model.match)}:
            if name.startswith(OWN.get(vendor, "")) and not name.endswith("latest") and ":" not in name:
                yield name, known


def equal_names(clause: Any) -> Iterator[str]:
    if hasattr(clause, "equals"):
        yield clause.equals
    for part in getattr(clause, "or_", ()):
        yield from equal_names(part)


def prices_of(prices: Any) -> Iterator[dict[str, Any]]:
    """In their order in time; nothing where one of them holds at some hours only, or is not by the token."""
    periods = (
        [(None, prices)] if not isinstance(prices, list) else [(entry.constraint, entry.prices) for entry in prices]
    )
    told = [_price(constraint, price) for constraint, price in periods]
    if all(entry is not None for entry in told):
        yield from (entry for entry in told if entry is not None)


def _price(constraint: Any, price: Any) -> dict[str, Any] | None:
    since = getattr(constraint, "start_date", None)
    if (constraint is not None and since is None) or price.input_mtok is None or price.output_mtok is None:
        return None
    told = {"from": since.isoformat() if since else None}
    tiers = [tier.start for side in (price.input_mtok, price.output_mtok) for tier in getattr(side, "tiers", ())]
    told |= {"input": _first(price.input_mtok), "output": _first(price.output_mtok)}
    return {**told, "dearer_above": min(tiers)} if tiers else told


def _first(price: Any) -> str:
    return f"{getattr(price, 'base', price).normalize():f}"


if __name__ == "__main__":
    main()
