"""The sandbox in a thread of its own, for whoever wants one beside their work: the demo, tests, benchmarks."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from providers.sandbox.server import HOST, serve
from providers.sandbox.state import Call, State

START_S = 10.0
Stop: TypeAlias = Callable[[], None]
Listening: TypeAlias = "Future[tuple[int, Stop]]"


@dataclass(frozen=True, slots=True)
class RunningSandbox:
    """A sandbox that is listening. ``state`` may be read and told things from any thread."""

    port: int
    state: State
    stop: Stop

    @property
    def root(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def url(self) -> str:
        """The base URL for the openai adapter; the mistral adapter takes it too."""
        return f"{self.root}/v1"

    @property
    def calls(self) -> list[Call]:
        return self.state.calls

    def reset(self) -> None:
        self.state.reset()


@contextmanager
def running_sandbox(latency_s: float = 0.0, port: int = 0) -> Iterator[RunningSandbox]:
    """A sandbox on a free loopback port, stopped at the end, calls in flight or not."""
    state = State(latency_s=latency_s)
    listening: Listening = Future()
    thread = threading.Thread(target=_run, args=(state, port, listening), name="sandbox", daemon=True)
    thread.start()
    bound_port, stop = listening.result(START_S)
    try:
        yield RunningSandbox(bound_port, state, stop)
    finally:
        stop()
        thread.join(START_S)


def _run(state: State, port: int, listening: Listening) -> None:
    async def main() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()

        def stop_from_outside() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(stop.set)

        await serve(state, HOST, port, lambda bound: listening.set_result((bound, stop_from_outside)), stop)

    try:
        asyncio.run(main())
    except OSError as error:
        listening.set_exception(error)
