"""Plain HTTP calls to the sandbox."""

import json
import urllib.error
import urllib.request

from providers.sandbox.thread import RunningSandbox


def ask(running: RunningSandbox, path: str, body: object = None, key: str = "k1"):
    """Status, headers and object of a plain HTTP call."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = urllib.request.Request(running.root + path, data, headers)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.headers, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, json.load(error)


def chat(running: RunningSandbox, model: str = "good", key: str = "k1", prompt: str = "hello"):
    body = {"model": model, "messages": [{"role": "user", "content": prompt}]}
    return ask(running, "/v1/chat/completions", body, key)
