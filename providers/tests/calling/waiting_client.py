"""A route, a request, and a client that answers it when a test says so."""

from providers.llm.types import Completion, CompletionRequest, Message, Usage
from providers.routing.config import Limits, ModelEntry, ProviderEntry
from providers.routing.route import Route

ASKED = CompletionRequest((Message("user", "x"),))
ROUTE = Route(
    ProviderEntry("a", "A", "openai", "http://127.0.0.1", limits=Limits(requests_per_day=100)), ModelEntry("m")
)


class WaitingClient:
    """Answers once it may."""

    def __init__(self, may_answer):
        self.may_answer = may_answer

    async def complete(self, model, request):
        await self.may_answer.wait()
        return Completion("good", Usage(1, 1), 0.1)

    async def list_models(self):
        return ()

    async def aclose(self):
        return None
