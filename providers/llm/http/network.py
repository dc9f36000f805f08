"""What it means that there was no answer, or none that could be read: from foreign exceptions to faults."""

import logging
import socket
import ssl
import traceback

import aiohttp
import httpx2
from aiohttp.http_exceptions import HttpProcessingError

from providers.llm.errors import ErrorKind, Fault
from providers.llm.http.body import UnreadableBodyError
from providers.llm.http.transport import CONNECT_S, proxy_of
from providers.llm.scrubbing import scrub
from providers.llm.types import Endpoint

logger = logging.getLogger(__name__)

# ValueError is what the libraries say of an address or a header that cannot be sent.
FOREIGN = (httpx2.HTTPError, httpx2.InvalidURL, aiohttp.ClientError, OSError, ValueError)
MALFORMED = (aiohttp.ClientResponseError, aiohttp.ClientPayloadError, HttpProcessingError)
PROXY = (aiohttp.ClientHttpProxyError, aiohttp.ClientProxyConnectionError)
# While these happen no request has left. A reset is not among them: it may come after the request.
UNSENT = (
    *(socket.gaierror, ConnectionRefusedError, ssl.SSLCertVerificationError),
    *(aiohttp.ClientConnectorError, httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.InvalidURL),
)
CUT_SHORT = "Not enough data"


def fault_of_exception(error: Exception, endpoint: Endpoint, *, is_answered: bool = False) -> Fault:
    """Why there was no answer, by the innermost cause: SDKs and transports wrap what happened in words of their own.

    ``is_answered``: there was one, and reading it failed.
    """
    causes = _causes(error)
    root = causes[-1]
    if is_answered or not isinstance(root, (*FOREIGN, *MALFORMED, UnreadableBodyError)):
        return _unreadable(root, endpoint)
    if proxied := next((cause for cause in causes if isinstance(cause, PROXY)), None):
        return proxy_fault(endpoint, getattr(proxied, "status", None), root)
    if isinstance(root, TimeoutError | httpx2.TimeoutException):
        return _timeout(root, endpoint)
    is_malformed = any(isinstance(cause, MALFORMED) for cause in causes) and not _is_broken_off(root)
    kind, words = _kind_and_words(root, is_malformed, endpoint)
    is_unsent = any(isinstance(cause, UNSENT) for cause in causes)
    return Fault(kind, detail=scrub(words, endpoint.secrets), is_unsent=is_unsent)


def proxy_fault(endpoint: Endpoint, status: int | None, error: Exception | None = None) -> Fault:
    """A proxy on the way refused the call, or cannot be reached. Its own login is not repeated."""
    where = _host(proxy_of(endpoint.base_url) or "")
    proxy = f"The proxy {where}" if where else f"A proxy before {_host(endpoint.base_url)}"
    if status == httpx2.codes.PROXY_AUTHENTICATION_REQUIRED:
        detail = f"{proxy} wants a login (status 407): set it in HTTPS_PROXY, as http://user:password@host:port."
    elif status:
        detail = f"{proxy} refused the connection with status {status}."
    else:
        detail = f"{proxy} cannot be reached: {type(error).__name__}."
    return Fault(ErrorKind.CONNECTION, status, detail=detail, is_unsent=True)


def _unreadable(error: Exception, endpoint: Endpoint) -> Fault:
    """No reply of a server may stop us, so this is its route's fault; but it may be a bug of ours, so it is logged.

    The traceback goes without the exception's words, which may repeat the answer.
    """
    name, lines = type(error).__name__, "".join(traceback.format_tb(error.__traceback__))
    logger.error("An answer of %s could not be read: %s\n%s", endpoint.provider_id, name, lines)
    return Fault(ErrorKind.SERVER, detail=f"The answer could not be read ({name}).")


def _timeout(error: Exception, endpoint: Endpoint) -> Fault:
    connecting = isinstance(error, aiohttp.ConnectionTimeoutError | httpx2.ConnectTimeout)
    seconds = min(CONNECT_S, endpoint.timeout_s) if connecting else endpoint.timeout_s
    waited = "connection" if connecting else "answer"
    return Fault(ErrorKind.TIMEOUT, detail=f"No {waited} within {seconds:g} s.", is_unsent=connecting)


def _is_broken_off(root: Exception) -> bool:
    """aiohttp tells a body that ended too soon from one that is garbled by its words alone."""
    return isinstance(root, OSError) or str(getattr(root, "message", "")).startswith(CUT_SHORT)


def _kind_and_words(root: Exception, is_malformed: bool, endpoint: Endpoint) -> tuple[ErrorKind, str]:
    if isinstance(root, UnreadableBodyError):
        return ErrorKind.SERVER, str(root)
    if isinstance(root, UnicodeEncodeError):
        return ErrorKind.BAD_REQUEST, "The request holds characters that cannot be sent."
    if is_malformed:
        return ErrorKind.SERVER, f"The server does not keep to HTTP: {getattr(root, 'message', '') or root}"
    return ErrorKind.CONNECTION, _words(root, endpoint)


def _words(error: Exception, endpoint: Endpoint) -> str:
    """What the commonest failures mean for somebody who has just typed the address; the others in their own words."""
    where = _host(endpoint.base_url)
    match error:
        case socket.gaierror():
            return f"Host not found: {where}."
        case ConnectionRefusedError():
            return f"Nothing listens at {where}."
        case ssl.SSLCertVerificationError():
            return f"The certificate of {where} is not trusted: {error.verify_message}."
        case ssl.SSLError():
            return f"{where} does not speak TLS, as https:// wants it: {error}"
        case aiohttp.ServerDisconnectedError() | HttpProcessingError():
            return f"{where} closed the connection before its answer was whole."
    return str(error) or type(error).__name__


def _causes(error: Exception) -> list[Exception]:
    """The error and its causes, outermost first; not the cancellation by which asyncio.timeout brings itself about."""
    causes = [error]
    while isinstance(causes[-1].__cause__, Exception):
        causes.append(causes[-1].__cause__)
    return causes


def _host(url: str) -> str:
    """Host and port, without a login."""
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2]
