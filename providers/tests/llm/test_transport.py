"""What no decent server sends: read where it can be, a fault of its route where not, and never anything else."""

import gzip
import json
import zlib

import pytest

from providers.llm.errors import ErrorKind, LLMError
from providers.llm.http.body import MOST_BYTES, MOST_MEMBERS
from providers.llm.http.transport import HEADER_CHARS, HEADERS
from providers.llm.types import ModelFacts
from providers.tests.llm.adapters import KEY, REQUEST, complete, endpoint, fault, using
from providers.tests.llm.raw_server import answering, chat, http, said

ADAPTERS = pytest.mark.parametrize("adapter", ["openai", "mistral"])
CHAT = json.dumps(chat())
GOOD = http(CHAT)
DEEP = '{"error": ' * 900 + "1" + "}" * 900


def typed(body, content_type, status=200):
    return http(body, status, {"Content-Type": content_type})


def packed(body, coding):
    return http(body, headers={"Content-Encoding": coding})


def bare_deflate(raw):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(raw) + packer.flush()


def chunked(*chunks, end=b"0\r\n\r\n"):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + end


READ = {
    "a long header": http(CHAT, headers={"X-Long": "x" * 9000}),
    "many headers": http(CHAT, headers={f"X-{number}": "x" for number in range(200)}),
    "a header twice": GOOD.replace(b"\r\n\r\n", b"\r\nX-Twice: 1\r\nX-Twice: 2\r\nX-Odd: \xff\xfe\r\n\r\n"),
    "charset hex": typed(CHAT, "application/json; charset=hex"),
    "charset zlib": typed(CHAT, "application/json; charset=zlib_codec"),
    "UTF-16 with a mark": typed(CHAT.encode("utf-16"), "application/json"),
    "UTF-16 without": typed(CHAT.encode("utf-16-le"), "application/json; charset=utf-8"),
    "UTF-32": http(CHAT.encode("utf-32-be")),
    "UTF-8 with a mark": http(CHAT.encode("utf-8-sig")),
    "gzip": packed(gzip.compress(CHAT.encode()), "gzip"),
    "gzip in two members": packed(gzip.compress(CHAT[:9].encode()) + gzip.compress(CHAT[9:].encode()), "x-gzip"),
    "deflate": packed(zlib.compress(CHAT.encode()), "deflate"),
    "deflate without a header": packed(bare_deflate(CHAT.encode()), "deflate"),
    "identity": packed(CHAT, "identity"),
    "early hints": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: </x>\r\n\r\n" + GOOD,
    "chunks": chunked(CHAT[:9].encode(), CHAT[9:].encode()),
    "no length": said(b"HTTP/1.1 200 OK\r\n\r\n" + CHAT.encode(), then="close"),
    "a place to go": http(CHAT, headers={"Location": "http://[", "Set-Cookie": "\x01=;;", "Refresh": "0"}),
    "a list": http([chat()]),
    "a number without end": http(CHAT[:-1] + ', "created": ' + "9" * 5000 + "}"),
    "status 299": http(CHAT, 299),
}

# The kind, and a word that the detail must hold.
FAULTS = {
    "401, charset hex": (typed('{"error": "no"}', "text/plain; charset=hex", 401), ErrorKind.AUTH, "no"),
    "401, charset rot13": (typed('{"error": "no"}', "text/plain; charset=rot13", 401), ErrorKind.AUTH, "no"),
    "503, charset base64": (typed("\xff\xfe", "text/plain; charset=base64", 503), ErrorKind.SERVER, ""),
    "500, charset none": (typed("gone", "text/plain; charset=no-such", 500), ErrorKind.SERVER, "gone"),
    "402, nested": (http(DEEP, 402), ErrorKind.BILLING, "402"),
    "200, nested": (http(DEEP), ErrorKind.SERVER, ""),
    "200, nested lists": (http("[" * 100_000), ErrorKind.SERVER, ""),
    "401, too long": (http(b" " * (MOST_BYTES + 1), 401), ErrorKind.AUTH, "401"),
    "200, too long": (http(b" " * (MOST_BYTES + 1)), ErrorKind.SERVER, "16 MB"),
    "200, without end": (
        said(b"HTTP/1.1 200 OK\r\n\r\n", *[b" " * 2**20] * 17, then="hang"),
        ErrorKind.SERVER,
        "16 MB",
    ),
    "a bomb": (packed(gzip.compress(b" " * (MOST_BYTES + 1)), "gzip"), ErrorKind.SERVER, "16 MB"),
    "a deflate bomb": (packed(zlib.compress(b" " * (MOST_BYTES + 1)), "deflate"), ErrorKind.SERVER, "16 MB"),
    "a bomb in a bomb": (packed(gzip.compress(gzip.compress(b"")), "gzip, gzip"), ErrorKind.SERVER, "gzip, gzip"),
    "many members": (packed(gzip.compress(b"") * (MOST_MEMBERS + 1), "gzip"), ErrorKind.SERVER, "pieces"),
    "gzip that is none": (packed(CHAT, "gzip"), ErrorKind.SERVER, "gzip"),
    "deflate that is none": (packed(CHAT, "deflate"), ErrorKind.SERVER, "deflate"),
    "brotli": (packed(b"\x0b\x02", "br"), ErrorKind.SERVER, "br"),
    "429, gzip that is none": (
        http("x", 429, {"Content-Encoding": "gzip", "Retry-After": "7"}),
        ErrorKind.RATE_LIMITED,
        "429",
    ),
    "a header too long": (http(CHAT, headers={"X-Long": "x" * (HEADER_CHARS + 1)}), ErrorKind.SERVER, "HTTP"),
    "too many headers": (
        http(CHAT, headers={f"X-{number}": "x" for number in range(HEADERS + 9)}),
        ErrorKind.SERVER,
        "HTTP",
    ),
    "no HTTP": (said(b"SSH-2.0-OpenSSH_9.6\r\n\r\n", then="close"), ErrorKind.SERVER, "HTTP"),
    "no status": (said(b"HTTP/1.1 OK 200\r\n\r\n", then="close"), ErrorKind.SERVER, "HTTP"),
    "garbled chunks": (said(chunked(b"{}", end=b"zz\r\n"), then="close"), ErrorKind.SERVER, "HTTP"),
    "half a chunk": (said(chunked(end=b"ff\r\n{"), then="close"), ErrorKind.CONNECTION, "closed"),
    "half a body": (said(http("{}", headers={"Content-Length": "99"}), then="close"), ErrorKind.CONNECTION, "closed"),
    "half a head": (said(b"HTTP/1.1 200 OK\r\nContent-", then="close"), ErrorKind.CONNECTION, "closed"),
    "nothing": (said(then="close"), ErrorKind.CONNECTION, "closed"),
    "204": (b"HTTP/1.1 204 No Content\r\n\r\n", ErrorKind.SERVER, "JSON"),
    "205 with a body": (http("{}", 205), ErrorKind.SERVER, "choices"),
    "304": (b"HTTP/1.1 304 Not Modified\r\n\r\n", ErrorKind.SERVER, "redirects"),
    "302 to nowhere": (http("", 302, {"Location": "http://["}), ErrorKind.SERVER, "redirects"),
    "999": (http("{}", 999), ErrorKind.SERVER, "999"),
    "407": (http("<html>", 407), ErrorKind.CONNECTION, "proxy"),
}


@ADAPTERS
@pytest.mark.parametrize("name", READ)
def test_a_good_answer_in_strange_dress_is_read(adapter, name):
    with answering(READ[name]) as (url, _):
        assert complete(endpoint(adapter, url, timeout_s=30)).text == '{"question": "Q"}'


@ADAPTERS
@pytest.mark.parametrize("name", FAULTS)
def test_whatever_else_comes_is_a_fault_of_its_route(adapter, name):
    answer, kind, word = FAULTS[name]
    with answering(answer) as (url, _):
        found = fault(endpoint(adapter, url, timeout_s=30))
    assert found.kind is kind
    assert word in found.detail


@ADAPTERS
@pytest.mark.parametrize("pieces", [[b" "] * 500, [b"HTTP/1.1 100 Continue\r\n\r\n"] * 500], ids=["body", "1xx"])
def test_an_answer_that_drips_ends_at_the_time_limit(adapter, pieces):
    first = b"" if pieces[0].strip() else b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"
    with answering(said(first, *pieces, then="hang", pause_s=0.05)) as (url, _):
        assert fault(endpoint(adapter, url, timeout_s=0.5)).kind is ErrorKind.TIMEOUT


@ADAPTERS
def test_what_breaks_the_reading_is_a_fault_of_the_route_and_logged_without_its_words(adapter, monkeypatch, caplog):
    def break_down(payload, *rest):
        raise AttributeError(f"{payload} {KEY}")

    monkeypatch.setattr(f"providers.llm.{adapter}.completion", break_down)  # no answer is known that does this
    with answering(GOOD) as (url, _):
        found = fault(endpoint(adapter, url, timeout_s=30))
    assert (found.kind, found.detail) == (ErrorKind.SERVER, "The answer could not be read (AttributeError).")
    assert "break_down" in caplog.text
    assert KEY not in caplog.text


# --- connections that are used again -----------------------------------------
def two_calls(adapter, *answers):
    """How a second call over the same client ends, and the connections that calls came by."""

    async def twice(client):
        await client.complete(ModelFacts("m"), REQUEST)
        try:
            return (await client.complete(ModelFacts("m"), REQUEST)).text
        except LLMError as error:
            return error.fault.kind

    with answering(GOOD, *answers) as (url, asked):
        return using(endpoint(adapter, url, timeout_s=30), twice), [connection for connection, _ in asked]


@ADAPTERS
@pytest.mark.parametrize("end", ["close", "abort"])
def test_a_used_connection_that_ends_before_an_answer_is_no_fault(adapter, end):
    assert two_calls(adapter, said(then=end), GOOD) == ('{"question": "Q"}', [1, 1, 2])


@ADAPTERS
def test_it_is_tried_once_more_only(adapter):
    assert two_calls(adapter, said(then="close")) == (ErrorKind.CONNECTION, [1, 1, 2])


@ADAPTERS
@pytest.mark.parametrize("begun", [b"HTTP/1.1 2", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"])
def test_an_answer_that_has_begun_is_not_asked_for_again(adapter, begun):
    assert two_calls(adapter, said(begun, then="close"), GOOD) == (ErrorKind.CONNECTION, [1, 1])


@ADAPTERS
def test_a_new_connection_that_ends_is_a_fault(adapter):
    with answering(said(then="close"), GOOD) as (url, asked):
        assert fault(endpoint(adapter, url, timeout_s=30)).kind is ErrorKind.CONNECTION
    assert len(asked) == 1


# --- what goes out ------------------------------------------------------------
@ADAPTERS
def test_no_stream_is_asked_for_and_no_encoding_that_cannot_be_undone(adapter):
    with answering(GOOD) as (url, asked):
        complete(endpoint(adapter, url, timeout_s=30))
    head, _, body = asked[0][1].partition(b"\r\n\r\n")
    assert json.loads(body)["stream"] is False
    assert b"accept-encoding: gzip, deflate\r\n" in head.lower() + b"\r\n"


@ADAPTERS
def test_cookies_are_not_sent_back(adapter):
    async def twice(client):
        for _ in range(2):
            await client.complete(ModelFacts("m"), REQUEST)

    with answering(http(CHAT, headers={"Set-Cookie": "tracked=1; Path=/"})) as (url, asked):
        using(endpoint(adapter, url, timeout_s=30), twice)
    assert b"tracked" not in asked[1][1]
