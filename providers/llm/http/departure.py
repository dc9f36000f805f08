"""When a call's request was really written. In a wave of calls the last ones go out later than they were let out."""

import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(slots=True)
class Departure:
    """``at`` is by ``clock``; when the call was begun, until the transport knows better."""

    clock: Callable[[], float]
    at: float = field(init=False)

    def __post_init__(self) -> None:
        self.at = self.clock()


_of_this_call: ContextVar[Departure | None] = ContextVar("departure", default=None)


def watch(clock: Callable[[], float] = time.monotonic) -> Departure:
    """The departure of the call that this task makes next."""
    departure = Departure(clock)
    _of_this_call.set(departure)
    return departure


def note() -> None:
    """The request of this task's call is on its way."""
    if (departure := _of_this_call.get()) is not None:
        departure.at = departure.clock()
