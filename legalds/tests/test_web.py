"""The web server, as a process of its own, and what it does with half of a request."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, closing
from pathlib import Path

import httpx2
import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.http import StreamingHttpResponse
from django.test import override_settings
from django.urls import path
from psycopg.errors import QueryCanceled

from legalds import asgi, web
from legalds.api.errors import TOO_SLOW
from legalds.embedded import ports
from samples import export
from samples.models import Sample
from samples.tests.factories import make_sample

ROOT = Path(__file__).resolve().parent.parent.parent
HALVES = {
    "headers": b"GET /api/health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    "nothing": b"",
    "body": b"POST /api/batches HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{",
}


@pytest.fixture(scope="module")
def port():
    """Where the server listens; it is told to stop at the end, and must."""
    number = ports.pick()
    process = subprocess.Popen([sys.executable, "-m", "legalds.web", f"127.0.0.1:{number}"], cwd=ROOT, env=os.environ)
    transport = httpx2.HTTPTransport(retries=20)
    with httpx2.Client(transport=transport, timeout=60) as client:
        while True:
            try:
                client.get(f"http://127.0.0.1:{number}/api/health")
                break
            except httpx2.TransportError:
                assert process.poll() is None
    yield number
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0


@pytest.mark.parametrize("half", HALVES)
def test_hundreds_of_half_sent_requests_keep_nobody_from_an_answer(port, half):
    with ExitStack() as stack:
        for _ in range(200):
            link = stack.enter_context(closing(socket.create_connection(("127.0.0.1", port))))
            link.sendall(HALVES[half])
        assert httpx2.get(f"http://127.0.0.1:{port}/api/health", timeout=60).status_code == 200


def test_headers_that_do_not_come_end_the_connection(port):
    with closing(socket.create_connection(("127.0.0.1", port))) as link:
        link.settimeout(web.HEADERS_S + 60)
        link.sendall(HALVES["headers"])
        assert link.recv(1) == b""


def test_head_has_the_headers_of_get_and_no_body(port):
    answer = httpx2.head(f"http://127.0.0.1:{port}/api/health", timeout=60)
    assert (answer.status_code, answer.content, int(answer.headers["Content-Length"]) > 0) == (200, b"", True)


def test_files_of_pages_are_served(port):
    answer = httpx2.get(f"http://127.0.0.1:{port}/static/legalds/admin.css", timeout=60)
    assert answer.content == (ROOT / "legalds/static/legalds/admin.css").read_bytes()


# --- the application, without a server ------------------------------------------
def numbers():
    yield from (f"{number} {threading.current_thread().name.partition('_')[0]}\n" for number in range(3))


async def events():
    for number in range(3):
        yield f"{number} {threading.current_thread().name}\n"


urlpatterns = [
    path("pieces", lambda request: StreamingHttpResponse(numbers())),
    path("events", lambda request: StreamingHttpResponse(events())),
]


class Exchange:
    """One request to the application, and what it sends."""

    def __init__(self, application, path, *chunks, headers=(), query=b""):
        self.scope = {
            "type": "http",
            "method": "POST" if chunks else "GET",
            "path": path,
            "query_string": query,
            "root_path": "",
        }
        self.scope["headers"] = [(b"host", b"localhost"), *headers]
        self.chunks = list(chunks or [b""])
        self.sent = []
        asyncio.run(application(self.scope, self.receive, self.send))

    async def receive(self):
        if not self.chunks:
            await asyncio.Event().wait()  # a client that stays
        chunk = self.chunks.pop(0)
        if chunk is None:
            await asyncio.Event().wait()  # one that sends no more
        return {"type": "http.request", "body": chunk, "more_body": bool(self.chunks)}

    async def send(self, message):
        self.sent.append(message)

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def body(self):
        return b"".join(message.get("body", b"") for message in self.sent[1:]).decode()


@pytest.fixture(scope="module")
def application():
    return asgi.Application()


def test_what_streams_is_made_in_the_pool(application):
    with override_settings(ROOT_URLCONF=__name__):
        assert Exchange(application, "/pieces").body == "0 request\n1 request\n2 request\n"


def test_what_streams_asynchronously_needs_no_thread(application):
    with override_settings(ROOT_URLCONF=__name__):
        assert Exchange(application, "/events").body == "0 MainThread\n1 MainThread\n2 MainThread\n"


@pytest.mark.parametrize("charset", ["hex", "base64", "zlib", "rot13", "idna", "utf-16", "punycode", "nothing", ""])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_no_charset_of_a_header_is_a_fault(application, kind, charset):
    header = (b"content-type", f"{kind}; charset={charset}".encode())
    with override_settings(ROOT_URLCONF=__name__):
        assert Exchange(application, "/pieces", query=b"a=%C3%A4", headers=[header]).status == 200


def test_a_body_that_does_not_come_in_time_is_refused(application, monkeypatch):
    monkeypatch.setattr(asgi, "BODY_S", 0.01)
    exchange = Exchange(application, "/api/batches", b"{", None)
    assert exchange.status == 408
    assert '"error"' in exchange.body


@pytest.mark.parametrize("headers", [(), ((b"content-length", b"99999999"),)])
def test_a_body_that_is_too_large_is_refused_before_it_is_kept(application, headers):
    piece = b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2 + 1)
    exchange = Exchange(application, "/admin/login/", *[piece] * 50, headers=headers)
    assert exchange.status == 413
    assert len(exchange.chunks) >= 48
    assert exchange.body == "The body is too large. Send 2.5 MB at most."


@pytest.mark.django_db
def test_a_statement_of_a_web_request_is_stopped(monkeypatch):
    monkeypatch.setattr(asgi, "STATEMENT_S", 0.05)
    asgi.limit_statements(connection)
    try:
        with pytest.raises(OperationalError, match="statement timeout"), connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(60)")
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("url", "shown"), [("/api/samples", '"error"'), ("/admin/samples/sample/", "<h1>This could not be shown</h1>")]
)
def test_who_asks_for_too_much_is_told_so(admin_client, monkeypatch, url, shown):
    def stopped(*_):
        raise OperationalError from QueryCanceled()

    monkeypatch.setattr("samples.querysets.SampleQuerySet.count", stopped)
    response = admin_client.get(url)
    assert response.status_code == 503
    assert TOO_SLOW.message in response.content.decode()
    assert shown in response.content.decode()


@pytest.mark.django_db
def test_an_export_knows_its_samples_before_it_begins_and_reads_them_in_pieces(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(export, "CHUNK", 2)
    kept = [make_sample().pk for _ in range(5)]
    with django_assert_num_queries(1):
        lines = export.stream(Sample.objects.order_by("pk"), export.FORMATS["jsonl"])
    make_sample()
    with django_assert_num_queries(6):  # of three pieces the samples and what they cite
        assert len(list(lines)) == len(kept)
