"""HTTP to one endpoint, under both SDKs: aiohttp for speed, every answer read to its end within bounds.

What the SDKs get is status, headers and a body in UTF-8, with nothing left in it to decompress, to decode by a charset
of the server's choice, to follow or to keep for the next call.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx2

from providers.llm.http import departure
from providers.llm.http.body import MOST_BYTES, MOST_REFUSAL_BYTES, UnreadableBodyError, decompressed, text_of, too_long
from providers.llm.scrubbing import without_secrets
from providers.llm.types import Endpoint

CONNECT_S = 10.0
CONNECTIONS = 1000
KEEPALIVE_S = 15.0
HEADER_CHARS = 64 * 1024
HEADERS = 256
BROKEN = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, ConnectionError)
# What the body no longer is; what would have the next call say something else; where else a client might go.
DROPPED = frozenset(
    {
        *(b"content-encoding", b"content-length", b"content-type", b"transfer-encoding"),
        *(b"set-cookie", b"set-cookie2", b"location"),
    }
)


@dataclass(slots=True)
class _Sending:
    """What one call met on its way out."""

    on_used_connection: bool = False


class Transport(httpx2.AsyncBaseTransport):
    """Bound to the event loop of its first call.

    HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE and SSL_CERT_DIR are honoured; a netrc file and cookies are not.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._proxy = proxy_of(endpoint.base_url)
        self._ssl = httpx2.create_ssl_context() if endpoint.base_url.lower().startswith("https:") else True
        self._timeout = aiohttp.ClientTimeout(total=None, sock_connect=min(CONNECT_S, endpoint.timeout_s))
        self._pooled: aiohttp.ClientSession | None = None
        self._unpooled: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self._sent(request)
        async with response:
            content_type = response.headers.get("content-type", "")
            body = text_of(await _body(response), content_type).encode()
        headers = [
            *self._kept_headers(response),
            (b"content-type", f"{_media_type(content_type)}; charset=utf-8".encode()),
        ]
        return httpx2.Response(response.status, headers=headers, content=body, request=request)

    async def aclose(self) -> None:
        for session in (self._pooled, self._unpooled):
            if session is not None:
                await session.close()

    async def _sent(self, request: httpx2.Request) -> aiohttp.ClientResponse:
        """The answer's beginning. Servers close idle connections when they please: a call that meets such an end,
        before any byte of an answer, goes out once more, on a connection of its own."""
        sending = _Sending()
        self._pooled = self._pooled or self._session(force_close=False)
        try:
            return await self._send(self._pooled, request, sending)
        except BROKEN as error:
            if not sending.on_used_connection or _has_begun(error):
                raise
        self._unpooled = self._unpooled or self._session(force_close=True)
        return await self._send(self._unpooled, request, sending)

    async def _send(
        self, session: aiohttp.ClientSession, request: httpx2.Request, sending: _Sending
    ) -> aiohttp.ClientResponse:
        return await session.request(
            request.method,
            str(request.url),
            headers=request.headers,
            data=request.content or None,
            allow_redirects=False,
            proxy=self._proxy,
            trace_request_ctx=sending,
        )

    def _session(self, *, force_close: bool) -> aiohttp.ClientSession:
        tracing = aiohttp.TraceConfig()
        tracing.on_connection_reuseconn.append(_note_reuse)
        tracing.on_request_headers_sent.append(_note_departure)
        keepalive_s = None if force_close else KEEPALIVE_S  # the connector wants none of it then
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=CONNECTIONS, ssl=self._ssl, force_close=force_close, keepalive_timeout=keepalive_s
            ),
            timeout=self._timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            max_line_size=HEADER_CHARS,
            max_field_size=HEADER_CHARS,
            max_headers=HEADERS,
            trace_configs=[tracing],
        )

    def _kept_headers(self, response: aiohttp.ClientResponse) -> Iterator[tuple[bytes, bytes]]:
        """Each name once: of two values the first one counts. SDKs log headers, so no secret stays in them."""
        for name, value in {name.lower(): value for name, value in reversed(response.raw_headers)}.items():
            if name not in DROPPED:
                yield name, without_secrets(value.decode("utf-8", "replace"), self._endpoint.secrets).encode()


def proxy_of(url: str) -> str | None:
    """The proxy that the environment names for this address."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # no address: the call will say so
        return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(f"{host}:{port}" if port else host):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


async def _note_reuse(session: aiohttp.ClientSession, context: SimpleNamespace, params: object) -> None:
    context.trace_request_ctx.on_used_connection = True


async def _note_departure(session: aiohttp.ClientSession, context: SimpleNamespace, params: object) -> None:
    departure.note()


def _has_begun(error: Exception) -> bool:
    """Whether something of an answer had come: aiohttp then tells what in place of its message."""
    return not isinstance(getattr(error, "message", ""), str)


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """What came, decompressed. Raises UnreadableBodyError, but for a refusal: its status says what counts."""
    is_refusal = not 200 <= response.status < 300
    most = MOST_REFUSAL_BYTES if is_refusal else MOST_BYTES
    try:
        raw = await _read(response, most)
        return decompressed(raw, response.headers.get("content-encoding", ""), most)
    except (UnreadableBodyError, aiohttp.ClientPayloadError):
        if is_refusal:
            return b""
        raise


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes:
    parts: list[bytes] = []
    length = 0
    async for chunk in response.content.iter_any():
        parts.append(chunk)
        length += len(chunk)
        if length > most:
            response.close()
            raise too_long(most)
    return b"".join(parts)


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower() or "application/json"
