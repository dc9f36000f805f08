"""The adapter registry: one line for each file that speaks to vendors."""

import pkgutil
from collections.abc import Callable, Mapping

from providers.llm.errors import LLMError
from providers.llm.types import Client, Endpoint

# By name, since an SDK takes half a second to import: only processes that call pay it, and for the SDKs that they use.
ADAPTERS: Mapping[str, str] = {
    "openai": "providers.llm.openai:OpenAIClient",
    "mistral": "providers.llm.mistral:MistralClient",
}


def load_adapters() -> None:
    """Import them all now: in a process whose children share what it holds."""
    for name in ADAPTERS:
        _adapter(name)


def open_client(endpoint: Endpoint) -> Client:
    """A client for the endpoint, bound to the running event loop; close it with ``aclose``.

    LLMError where not even that can be had: an address that is none, a CA file or a proxy that is not there.
    """
    adapter = _adapter(endpoint.adapter)
    from providers.llm.http.network import FOREIGN, fault_of_exception  # noqa: PLC0415 - comes with the adapter

    try:
        return adapter(endpoint)
    except FOREIGN as error:
        raise LLMError(fault_of_exception(error, endpoint)) from None


def _adapter(name: str) -> Callable[[Endpoint], Client]:
    try:
        adapter: Callable[[Endpoint], Client] = pkgutil.resolve_name(ADAPTERS[name])
    except KeyError:
        raise ValueError(f"No adapter is called {name!r}. Known: {', '.join(sorted(ADAPTERS))}.") from None
    return adapter
