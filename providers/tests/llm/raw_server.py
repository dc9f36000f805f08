"""A loopback server that says exactly the bytes that it is told to, for what no decent server would say."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from providers.tests.llm.relays import listening

LONG = 60


@dataclass(frozen=True, slots=True)
class Said:
    """The bytes of one answer, in pieces, and what becomes of the connection after them."""

    pieces: tuple[bytes, ...]
    then: Literal["keep", "close", "abort", "hang"] = "keep"
    pause_s: float = 0.0


def said(*pieces: bytes, then: Literal["keep", "close", "abort", "hang"] = "keep", pause_s: float = 0.0) -> Said:
    return Said(pieces, then, pause_s)


def http(
    body: bytes | str | dict[str, Any] | list[Any], status: int = 200, headers: dict[str, str] | None = None
) -> bytes:
    """A whole answer over HTTP/1.1; what is no text or bytes goes out as JSON."""
    raw = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    fields = {"Content-Type": "application/json", "Content-Length": str(len(raw)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode() + raw


def chat(content: Any = '{"question": "Q"}', **fields: Any) -> dict[str, Any]:
    """A completion in OpenAI's words."""
    choice = {"message": {"content": content}, "finish_reason": "stop"}
    return {"choices": [choice], "usage": {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}, **fields}


@contextmanager
def answering(*answers: Said | bytes) -> Iterator[tuple[str, list[tuple[int, bytes]]]]:
    """The base URL, and every request that came with the number of its connection. The last answer is said for ever."""
    script = [answer if isinstance(answer, Said) else Said((answer,)) for answer in answers]
    asked: list[tuple[int, bytes]] = []
    connections = 0

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        own = connections
        while True:
            asked.append((own, await _request(reader)))
            answer = script[min(len(asked), len(script)) - 1]
            for piece in answer.pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(answer.pause_s)
            if answer.then == "hang":
                await reader.read()
            if answer.then == "abort":
                writer.transport.abort()
            if answer.then != "keep":
                return

    with listening(handle, None) as port:
        yield f"http://127.0.0.1:{port}/v1", asked


async def _request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return head + await reader.readexactly(int(value))
    return head
