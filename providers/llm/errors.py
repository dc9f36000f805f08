"""Why a call failed, as facts.

LLMError
    one failed call, translated from whatever the SDK raised: ``kind`` decides, the other facts inform.
"""

from dataclasses import dataclass
from enum import StrEnum

from providers.llm.text import storable
from providers.llm.types import RateLimitFacts, Usage


class ErrorKind(StrEnum):
    """Why an attempt failed. `providers.routing.verdicts` holds the one table from kind to verdict."""

    AUTH = "auth"
    BILLING = "billing"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    RATE_LIMITED = "rate_limited"
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    SERVER = "server"
    BAD_REQUEST = "bad_request"
    CONTEXT_LENGTH = "context_length"
    BAD_OUTPUT = "bad_output"


@dataclass(frozen=True, slots=True)
class Fault:
    """The facts of one failure. ``detail`` is short, for people, and never holds a key.

    ``usage`` is set where the vendor answered, and so will bill, although the answer was of no use.
    """

    kind: ErrorKind
    status: int | None = None
    retry_after_s: float | None = None
    limits: RateLimitFacts | None = None
    detail: str = ""
    usage: Usage | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "detail", storable(self.detail))


class LLMError(Exception):
    """A call that failed, with its facts in ``fault``."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault

    def __str__(self) -> str:
        status = f" {self.fault.status}" if self.fault.status else ""
        return f"{self.fault.kind}{status}: {self.fault.detail}"
