"""A vendor that misbehaves: whatever secret it gets, it says again."""

import base64
import json
import threading
from collections.abc import Callable
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from providers.sandbox.samples import sample


def escaped(secret):
    return "".join(f"\\u{ord(letter):04x}" for letter in secret)


ENCODINGS: tuple[Callable[[str], str], ...] = (
    str,
    lambda secret: base64.b64encode(f"Bearer {secret}".encode()).decode(),
    lambda secret: secret.encode().hex(),
    lambda secret: "".join(f"%{ord(letter):02x}" for letter in secret),
    lambda secret: "".join(f"&#{ord(letter)};" for letter in secret),
    escaped,
    "\u200b".join,
    str.upper,
)


@contextmanager
def echoing_vendor():
    """A vendor that misbehaves: it repeats the caller's secrets, with the status that the model is called.

    In all encodings, in body and headers, and in a body whose JSON is all escapes; model 201 puts them into a sample.
    """
    got: list[str] = []

    class Echo(BaseHTTPRequestHandler):
        def do_POST(self):
            status = int(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["model"])
            content = json.dumps({**sample("A ferry."), "reasoning": f"Step 1: {self.words}\nStep 2: so it is."})
            choice = {"message": {"content": content if status == 201 else self.words}, "finish_reason": self.words}
            answer = {"model": self.words, "choices": [choice | ({"finish_reason": "stop"} if status == 201 else {})]}
            self.say(status, answer if status < 300 else {"error": {"message": self.words, "param": self.words}})

        def do_GET(self):
            self.say(200, {"data": [{"id": self.words}]})

        @property
        def secrets(self):
            return [self.headers[name].split()[-1] for name in ("X-Planted", "Authorization")]

        @property
        def words(self):
            return "cannot forward " + ", ".join(encode(secret) for encode in ENCODINGS for secret in self.secrets)

        def say(self, status, answer):
            got.append(self.words)
            self.send_response(status, self.headers["Authorization"])
            for number, encode in enumerate(ENCODINGS):
                self.send_header(f"X-Echo-{number}", encode(self.secrets[-1]).encode().decode("latin-1"))
            self.end_headers()
            body = json.dumps(answer)
            for secret in self.secrets:
                body = body.replace(secret, escaped(secret))
            self.wfile.write(body.encode())

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1", got
        server.shutdown()
