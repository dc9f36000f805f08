"""Why a call failed, as facts.

LLMError
    one failed call, translated from whatever the SDK raised: ``kind`` decides, the other facts inform.
    RefusedParameterError
        the model does not take a field that the next call will not hold any more: ask again, nobody is at fault.
"""

from dataclasses import dataclass
from enum import StrEnum

from providers.llm.text import storable
from providers.llm.types import LimitFact, Usage


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
    CONTENT_REFUSED = "content_refused"
    BAD_OUTPUT = "bad_output"


class NotFound(StrEnum):
    """What is not there, where it is not the model of that name."""

    ADDRESS = "address"
    QUOTA = "quota"


@dataclass(frozen=True, slots=True)
class Fault:
    """The facts of one failure. ``detail`` is short, for people, and never holds a key.

    ``usage`` is set where the vendor answered, and so will bill, although the answer was of no use.
    ``limit_window_s`` is the length of the window whose limit is full, where the vendor names one (a day's: 86400).
    ``is_unsent``: the request never reached the vendor. ``not_found``: NOT_FOUND is not about the model's name.
    ``parameter`` is the field of the request that this model does not take, where the vendor names it.
    """

    kind: ErrorKind
    status: int | None = None
    retry_after_s: float | None = None
    limits: tuple[LimitFact, ...] = ()
    detail: str = ""
    usage: Usage | None = None
    limit_window_s: float | None = None
    parameter: str = ""
    is_unsent: bool = False
    not_found: NotFound | None = None

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


class RefusedParameterError(LLMError):
    """A refusal that has been adapted to: the same request goes out in another form next time."""
