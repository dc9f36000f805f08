"""The adapter registry: one line for each file that speaks to vendors."""

from collections.abc import Callable, Mapping

from providers.llm.errors import LLMError
from providers.llm.http import FOREIGN, network_fault
from providers.llm.mistral import MistralClient
from providers.llm.openai import OpenAIClient
from providers.llm.types import Client, Endpoint

ADAPTERS: Mapping[str, Callable[[Endpoint], Client]] = {"openai": OpenAIClient, "mistral": MistralClient}


def open_client(endpoint: Endpoint) -> Client:
    """A client for the endpoint, bound to the running event loop; close it with ``aclose``.

    LLMError where not even that can be had: an address that is none, a CA file or a proxy that is not there.
    """
    try:
        adapter = ADAPTERS[endpoint.adapter]
    except KeyError:
        raise ValueError(f"No adapter is called {endpoint.adapter!r}. Known: {', '.join(sorted(ADAPTERS))}.") from None
    try:
        return adapter(endpoint)
    except FOREIGN as error:
        raise LLMError(network_fault(error, endpoint)) from None
