"""What goes to a model and what comes back, without any SDK."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from providers.llm.answers.endings import Ending, ending_of


@dataclass(frozen=True, slots=True)
class Message:
    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class JSONSchema:
    """The shape that an answer must have; ``name`` as the vendors' structured output wants it."""

    name: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """One question to a model. ``schema`` goes out where the model supports it, else as JSON mode or not at all."""

    messages: tuple[Message, ...]
    schema: JSONSchema | None = None
    max_tokens: int | None = None
    temperature: float | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """``cached_tokens`` are those of the prompt that the vendor had kept, ``reasoning_tokens`` those of the completion
    in which the model thought: parts of the other two counts, whatever the vendor nests.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0

    @property
    def total_tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens


Counted = Literal["requests", "tokens", "input", "output"]
"""What limits of vendors count. Input and output are tokens too, of prompts and of answers."""


@dataclass(frozen=True, slots=True)
class LimitFact:
    """What a vendor says of one of its limits, in headers or in the body of a refusal; None where it says nothing.

    ``window_s`` is the length of its window where that is named, or documented by the vendor. Only headers tell what
    is left (``remaining``), and when all of it is there again.
    """

    unit: Counted
    window_s: int | None = None
    limit: int | None = None
    remaining: int | None = None
    reset_s: float | None = None
    told_by: Literal["headers", "body"] = "headers"


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's answer. ``truncated`` where it ran into its token limit. ``model``: which one says that it answered."""

    text: str
    usage: Usage
    latency_s: float
    finish_reason: str = "stop"
    limits: tuple[LimitFact, ...] = ()
    model: str = ""

    @property
    def truncated(self) -> bool:
        return ending_of(self.finish_reason) is Ending.CUT_OFF


@dataclass(frozen=True, slots=True)
class Reply:
    """What a vendor answered that is no refusal: any JSON, and what its headers say of limits."""

    payload: Any
    latency_s: float
    limits: tuple[LimitFact, ...]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and as whom to call. Hashable, so that clients can be pooled by it; its repr shows no key.

    ``secret_values`` are those of the headers, and the texts of the body, that are secret.
    """

    provider_id: str
    adapter: str
    base_url: str
    api_key: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    timeout_s: float = 120.0
    secret_values: tuple[str, ...] = field(default=(), repr=False)

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or ""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What nothing that comes back may repeat: the key, and secret headers whole and without their scheme."""
        bare = (value.split()[-1] for value in self.secret_values if value.strip())
        return tuple(filter(None, (self.api_key, *self.secret_values, *bare)))


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What an adapter must know of a model to phrase a request for it; its repr shows nothing of a secret body.

    ``adaptations`` are the forms of fields that the model takes in place of ours (``providers.llm.adaptation``).
    """

    model_id: str
    supports_json_schema: bool = False
    is_thinking_model: bool = False
    max_tokens: int | None = None
    extra_body: Mapping[str, Any] = field(default_factory=dict, repr=False)
    adaptations: Mapping[str, str] = field(default_factory=dict)


class Client(Protocol):
    """One connection pool to one endpoint, bound to the event loop that opened it. Every failure is an LLMError."""

    async def complete(self, model: ModelFacts, request: CompletionRequest) -> Completion: ...

    async def list_models(self) -> tuple[str, ...]: ...

    async def aclose(self) -> None: ...
