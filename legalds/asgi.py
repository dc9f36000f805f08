"""Django behind an ASGI server: whole requests are worked on in a bounded pool of threads.

A request gets a thread once its body is there, so that who sends slowly holds nothing but a connection. The threads
stay, and with them their database connections. An answer that streams asynchronously (events) needs a thread only until
it begins.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import IO, Any, cast

from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, ASGIRequest, get_script_prefix
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.urls import set_script_prefix
from django.utils.http import parse_header_parameters

from legalds.api.errors import error_body
from legalds.running.database import STATEMENT_S

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

THREADS = 8
HEALTH = "/api/health"
BODY_S = 30.0
"""How long a body may take to come, the whole of it."""
IN_MEMORY = 64 * 1024


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """Why a request is not worked on."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message

    def answer(self, path: str) -> HttpResponse:
        if path.startswith("/api/"):
            return JsonResponse(error_body(self.message), status=self.status)
        return HttpResponse(self.message, status=self.status, content_type="text/plain; charset=utf-8")


class Request(ASGIRequest):
    """Text is UTF-8, whatever codec a header names: some of those decode no text, and fail."""

    def _set_content_type_params(self, meta: Mapping[str, Any]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class Application(ASGIHandler):
    """Django's handler, with the middleware and the view of a request in one thread."""

    request_class = Request

    def __init__(self) -> None:
        connection_created.connect(limit_statements)
        super(ASGIHandler, self).__init__()  # whose middleware would change threads at every step
        self.load_middleware()
        self.pool = ThreadPoolExecutor(THREADS, "request")
        self.health_pool = ThreadPoolExecutor(1, "health")  # answers while all others are busy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await read_body(scope, receive)
        except RequestAborted:
            return
        except Refusal as refusal:
            await self.send_response(refusal.answer(scope["path"]), send)
            return
        answer = asyncio.ensure_future(self.answer(scope, body, send))
        client_left = asyncio.ensure_future(receive())
        await asyncio.wait((answer, client_left), return_when=asyncio.FIRST_COMPLETED)
        client_left.cancel()
        if not answer.done():
            answer.cancel()
            await asyncio.wait((answer,))
        if not answer.cancelled():
            answer.result()

    async def answer(self, scope: Scope, body: IO[bytes], send: Send) -> None:
        pool = self.health_pool if scope["path"] == HEALTH else self.pool
        loop = asyncio.get_running_loop()
        response = await loop.run_in_executor(pool, self.respond, scope, body)
        if not isinstance(response, StreamingHttpResponse):
            await self.send_response(response, send)
            return
        if not response.is_async:
            response.streaming_content = piecemeal(pool, cast(Iterator[bytes], response.streaming_content))
        try:
            await self.send_response(response, send)
        finally:
            await loop.run_in_executor(pool, response.close)

    def respond(self, scope: Scope, body: IO[bytes]) -> HttpResponseBase:
        """All of it in the thread that calls. What streams stays open."""
        with body:
            set_script_prefix(get_script_prefix(scope))
            signals.request_started.send(sender=type(self), scope=scope)
            request, refused = self.create_request(scope, body)
            response = self.get_response(request) if request else cast(HttpResponseBase, refused)
            response._handler_class = type(self)  # type: ignore[attr-defined]  # Django's signal names it
            if not response.streaming:
                response.close()
        return response


def limit_statements(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Of this process alone, so that one slow search holds a thread for some seconds and not for ever."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [f"{STATEMENT_S:g}s"])


async def read_body(scope: Scope, receive: Receive) -> IO[bytes]:
    """The whole body; raises Refusal where it is too large or too slow, and RequestAborted."""
    body = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - whoever works on the request closes it
    try:
        async with asyncio.timeout(BODY_S):
            async for chunk in chunks(scope, receive):
                body.write(chunk)
    except TimeoutError:
        body.close()
        raise Refusal(408, f"The body did not come within {BODY_S:g} seconds. Send it faster.") from None
    except BaseException:  # also where it was cancelled: what has come so far keeps no room
        body.close()
        raise
    body.seek(0)
    return body


async def chunks(scope: Scope, receive: Receive) -> AsyncIterator[bytes]:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    taken = announced_length(scope)
    if taken > most:
        raise too_large(most)
    taken, is_more = 0, True
    while is_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RequestAborted
        taken += len(message.get("body", b""))
        if taken > most:
            raise too_large(most)
        yield message.get("body", b"")
        is_more = message.get("more_body", False)


def announced_length(scope: Scope) -> int:
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else 0


def too_large(most: int) -> Refusal:
    return Refusal(413, f"The body is too large. Send {most / 2**20:g} MB at most.")


async def piecemeal(pool: Executor, content: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Each piece made in the pool, so that a slow reader holds no thread."""
    loop = asyncio.get_running_loop()
    while (piece := await loop.run_in_executor(pool, next, content, None)) is not None:
        yield piece
