"""Mistakes that people make with base URLs: what to look at, never a refusal. Pure but for the data of the presets."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from providers.catalog import presets

ENDPOINTS = ("/chat/completions", "/completions", "/models", "/responses", "/embeddings")


def address_hints(base_url: str, adapter: str, *, requires_key: bool = False) -> list[str]:
    """Sentences with the remedy; none for an address that is known to be right."""
    known = presets.preset_at(base_url)
    if known is not None and known.base_url == base_url:
        return []
    return list(_hints(base_url, adapter, requires_key))


def _hints(base_url: str, adapter: str, requires_key: bool) -> Iterator[str]:
    bare = base_url.rstrip("/")
    ending = next((path for path in ENDPOINTS if bare.lower().endswith(path)), "")
    root = bare[: len(bare) - len(ending)] if ending else bare
    known = presets.preset_at(base_url)
    if ending:
        yield f"The base URL ends in {ending}, which legalds adds by itself: {root} is probably right."
    elif known is not None and known.base_url.rstrip("/") != bare:
        yield f"{known.name}'s base URL is {known.base_url}, not {base_url}. Test connection tells which works."
    elif adapter == "openai" and urlsplit(bare).path == "":
        yield f"Most base URLs end in /v1: if Test connection finds nothing, try {bare}/v1."
    if base_url.endswith("/") and not ending:
        yield "The base URL ends in a slash, which it does not need."
    if base_url.startswith("http://") and requires_key and not presets.is_local(base_url):
        yield "http:// sends the key unencrypted over the network. Use https:// if the server has it."
