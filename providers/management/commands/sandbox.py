"""``manage.py sandbox``: a server on loopback that behaves or misbehaves like a vendor."""

import asyncio
import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from providers.sandbox.server import HOST, require_loopback, serve
from providers.sandbox.state import State


class Command(BaseCommand):
    help = "Serves a synthetic LLM on loopback, in OpenAI's protocol; its model names choose how it behaves."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one.")
        parser.add_argument("--host", default=HOST, help="A loopback address.")
        parser.add_argument("--latency-ms", type=float, default=0.0, help="Milliseconds before any answer.")

    def handle(self, *args: Any, host: str, port: int, latency_ms: float, **options: Any) -> None:
        try:
            require_loopback(host)
            asyncio.run(self._serve(State(latency_s=latency_ms / 1000), host, port))
        except ValueError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"Port {port} cannot be had: {error.strerror}. Choose another --port.") from error

    async def _serve(self, state: State, host: str, port: int) -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await serve(state, host, port, lambda bound: self._announce(host, bound), stop)

    def _announce(self, host: str, port: int) -> None:
        shown = f"[{host}]" if ":" in host else host
        self.stdout.write(f"http://{shown}:{port}/v1")
        self.stdout.flush()
