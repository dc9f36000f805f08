"""Whatever a server says or does: a completion or a fault comes out of every client, in time, and nothing else.

The seeds of the cases that fail are shown.
"""

import asyncio
import gzip
import json
import random
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from providers.llm.clients import ADAPTERS, open_client
from providers.llm.errors import LLMError
from providers.llm.types import Completion, ModelFacts
from providers.tests.llm.adapters import KEY, REQUEST, endpoint

CASES = 150
TIMEOUT_S = 0.3
SLACK_S = 20.0  # for a busy machine; what hangs, hangs for ever
CHARSETS = ["utf-8", "hex", "base64", "zlib", "rot13", "utf-16", "idna", "undefined", "x" * 99, "utf-7", "latin-1"]
CODINGS = ["", "gzip", "deflate", "br", "zstd", "gzip, deflate", "identity", "x" * 9, "compress"]
WORDS = [
    "error",
    "message",
    "choices",
    "content",
    "usage",
    "data",
    "id",
    "code",
    "detail",
    "retryDelay",
    "models",
    "text",
]
HEADERS = ["Retry-After", "x-ratelimit-remaining-requests", "x-ratelimit-reset-tokens", "X-Odd", "Location", "Date"]
VALUES = [
    "1e308",
    "-1",
    "nan",
    "9" * 5000,
    "Tue, 99 Foo 9999",
    "2m59s",
    "",
    "\xff",
    "x" * 70_000,
    "1, 2",
    "9" * 400 + "s",
]


class Dice(random.Random):
    """A server that makes up what it says as it goes."""

    def value(self, depth: int = 0):
        kind = self.randrange(9 if depth < 4 else 6)
        if kind < 6:
            odd = [None, True, 10**300, -1, 1e308, float("nan"), "", "\ud800", KEY, '{"question": "Q"}', "stop", "429"]
            return self.choice(odd)
        if kind == 6:
            return [self.value(depth + 1) for _ in range(self.randrange(3))]
        return {self.choice(WORDS): self.value(depth + 1) for _ in range(self.randrange(5))}

    def body(self) -> bytes:
        answer = {
            "choices": [
                {"message": {"content": self.value(), "refusal": self.value(3)}, "finish_reason": self.value(3)}
            ]
        }
        made = {
            "noise": lambda: self.randbytes(self.randrange(400)),
            "deep": lambda: self.choice([b"[", b'{"a":', b'{"error":[']) * self.choice([90, 900, 90_000]),
            "value": lambda: json.dumps(self.value()).encode(),
            "answer": lambda: json.dumps({**answer, "usage": self.value(), "model": self.value()}).encode(),
            "stream": lambda: b"data: " + json.dumps({"choices": [{"delta": self.value()}]}).encode() + b"\n\n" * 2,
            "digits": lambda: b'{"usage": ' + b"9" * 5000 + b"}",
        }
        raw = self.choice(list(made.values()))()
        cut = self.randrange(len(raw) + 1) if self.random() < 0.2 else len(raw)
        return self.choice([lambda: raw, lambda: raw.decode("utf-8", "replace").encode("utf-16"), lambda: raw[:cut]])()

    def answer(self) -> bytes:
        if self.random() < 0.1:
            return self.randbytes(self.randrange(300))
        body, coding = self.body(), self.choice(CODINGS)
        if self.random() < 0.7:
            body = {"gzip": gzip.compress(body), "deflate": zlib.compress(body)}.get(coding, body)
        status = self.choice(
            ["200"] * 9 + [str(self.randrange(100, 1000)) for _ in range(9)] + ["abc", "99", "1000", "-1"]
        )
        fields = [f"Content-Type: application/json; charset={self.choice(CHARSETS)}", f"Content-Encoding: {coding}"]
        fields += [f"{self.choice(HEADERS)}: {self.choice(VALUES)}" for _ in range(self.randrange(4))]
        fields.append(
            self.choice(
                [f"Content-Length: {len(body)}"] * 6
                + [
                    "Content-Length: 7",
                    "Content-Length: -1",
                    "Transfer-Encoding: chunked",
                    "Connection: close",
                    "no colon",
                ]
            )
        )
        return "\r\n".join([f"HTTP/1.1 {status} {'x' * self.randrange(3)}", *fields, "", ""]).encode("latin-1") + body


@dataclass(slots=True)
class AnyServer:
    """``dice`` draw the next answer."""

    dice: Dice
    url: str = ""

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.read(65536):
                dice = self.dice
                raw = dice.answer()
                cut = dice.randrange(len(raw) + 1)
                writer.write(raw[:cut])
                await writer.drain()
                await asyncio.sleep(dice.choice([0, 0, 0, 0.01]))
                writer.write(raw[cut:])
                if dice.random() < 0.6:
                    break
            if self.dice.random() < 0.3:
                writer.transport.abort()
        except OSError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def any_server() -> AsyncIterator[AnyServer]:
    said = AnyServer(Dice(0))
    server = await asyncio.start_server(said.handle, "127.0.0.1", 0)
    said.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield said
    finally:
        server.close()


async def outcome(client, ask: str) -> object:
    """What comes out of one call; anything but an LLMError is raised."""
    try:
        async with asyncio.timeout(TIMEOUT_S + SLACK_S):
            if ask == "complete":
                return await client.complete(ModelFacts("m"), REQUEST)
            return await client.list_models()
    except LLMError as error:
        return error


def is_storable(text: str) -> bool:
    return "\0" not in text and text == text.encode("utf-8", "ignore").decode()


def is_as_promised(told: object) -> bool:
    if isinstance(told, LLMError):
        return is_storable(told.fault.detail) and KEY not in told.fault.detail
    texts = (
        told
        if isinstance(told, tuple)
        else (told.text, told.model, told.finish_reason)
        if isinstance(told, Completion)
        else None
    )
    return texts is not None and all(is_storable(text) and KEY not in text for text in texts)


@pytest.mark.parametrize("ask", ["complete", "list_models"])
@pytest.mark.parametrize("adapter", ADAPTERS)
def test_only_an_answer_or_a_fault_comes_out(adapter, ask, caplog):
    async def ask_all() -> list[int]:
        broken = []
        async with any_server() as server:
            client = open_client(endpoint(adapter, server.url, timeout_s=TIMEOUT_S))
            for seed in range(CASES):
                server.dice = Dice(seed)
                if not is_as_promised(await outcome(client, ask)):
                    broken.append(seed)
            await client.aclose()
        return broken

    assert asyncio.run(ask_all()) == []
    assert "could not be read" not in caplog.text  # the last net caught nothing: all of it is known
