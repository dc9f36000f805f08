"""The sandbox over HTTP: OpenAI's protocol under /v1, and its own controls under /sandbox."""

import asyncio
import ipaddress
import json
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import asdict
from typing import Any

from aiohttp import web

from providers.sandbox.answers import answer_text, completion_body, tokens, usage
from providers.sandbox.behaviours import GOOD, LISTED_ONLY, PLAIN, Behaviour
from providers.sandbox.refusals import refusal, refused_part
from providers.sandbox.state import Call, State

STATE = web.AppKey("state", State)
HOST = "127.0.0.1"


def require_loopback(host: str) -> None:
    """The sandbox answers anybody who asks, so it listens to this machine only."""
    try:
        is_loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise ValueError(f"The sandbox listens on loopback only: {host} is not 127.0.0.1, ::1 or localhost.")


async def serve(state: State, host: str, port: int, started: Callable[[int], None], stop: asyncio.Event) -> None:
    """Serves until ``stop`` is set. ``started`` is told the port, which matters where 0 was asked for."""
    require_loopback(host)
    runner = web.AppRunner(application(state), access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    async with AsyncExitStack() as stack:
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, host, port).start()
        started(int(runner.addresses[0][1]))
        await stop.wait()


def application(state: State) -> web.Application:
    app = web.Application(client_max_size=32 * 1024**2)
    app[STATE] = state
    app.add_routes(
        [
            web.post("/v1/chat/completions", chat),
            web.get("/v1/models", models),
            web.get("/sandbox/calls", show_calls),
            web.get("/sandbox/counts", show_counts),
            web.post("/sandbox/behaviour", control(_set_behaviour)),
            web.post("/sandbox/limits", control(_set_limit)),
            web.post("/sandbox/latency", control(_set_latency)),
            web.post("/sandbox/recording", control(_set_recording)),
            web.post("/sandbox/reset", control(_reset)),
        ]
    )
    return app


# --- OpenAI's protocol -------------------------------------------------------
async def chat(request: web.Request) -> web.StreamResponse:
    state = request.app[STATE]
    body = await _json_object(request)
    if body is None or not isinstance(body.get("messages"), list) or not isinstance(body.get("model"), str):
        return web.json_response(refusal(Behaviour("bad-request", 400), "", ""), status=400)
    call = Call(body["model"], _key(request), state.clock(), _headers(request), body)
    state.record(call)
    response = await _answer(request, state, call)
    call.status = 0 if call.behaviour == "reset" else response.status
    state.answered(call)
    return response


async def _answer(request: web.Request, state: State, call: Call) -> web.StreamResponse:
    behaviour = state.behaviour_of(call.model, call.key) or Behaviour("unknown-model", 404)
    if behaviour.once and _is_asked_again(call.body):
        behaviour = GOOD
    call.behaviour = str(behaviour.status) if behaviour.word == "status" else behaviour.word
    prompt = "\n".join(str(message.get("content")) for message in call.body["messages"] if isinstance(message, dict))
    if (limited := _limited(state, call, behaviour, prompt)) is not None:
        return limited
    if state.latency_s:
        await asyncio.sleep(state.latency_s)
    if behaviour.status >= 400:
        return _refuse(behaviour, call)
    if (refused := refused_part(behaviour, call.body)) is not None:
        return web.json_response(refused, status=400)
    if behaviour.seconds:
        await asyncio.sleep(behaviour.seconds)
    return await _deliver(request, state, call, behaviour, prompt)


def _is_asked_again(body: dict[str, Any]) -> bool:
    """Whether the request holds an answer that was given before."""
    return any(isinstance(message, dict) and message.get("role") == "assistant" for message in body["messages"])


def _limited(state: State, call: Call, behaviour: Behaviour, prompt: str) -> web.Response | None:
    limit = state.limit_of(call.key)
    if limit is None:
        return None
    spent = tokens(prompt)
    if behaviour.status < 400:
        spent = usage(prompt, answer_text(behaviour.word, prompt, behaviour.chars, behaviour.breaks))["total_tokens"]
    now = state.clock()
    wait_s = limit.wait_s(now, spent)
    if wait_s == 0:
        return None
    call.behaviour = "limited"
    refused = _refuse(Behaviour("status", 429, wait_s), call)
    refused.headers.update(limit.headers(now))
    return refused


def _refuse(behaviour: Behaviour, call: Call) -> web.Response:
    headers = {} if behaviour.seconds is None else {"Retry-After": f"{behaviour.seconds:g}"}
    body = refusal(behaviour, call.model, call.key)
    return web.json_response(body, status=behaviour.status, headers=headers)


async def _deliver(
    request: web.Request, state: State, call: Call, behaviour: Behaviour, prompt: str
) -> web.StreamResponse:
    match behaviour.word:
        case "hang":
            await asyncio.Event().wait()
        case "reset":
            return await _break_off(request)
        case "html":
            return web.Response(text="<html><body>Synthetic gateway page</body></html>", content_type="text/html")
    limit = state.limit_of(call.key)
    headers = limit.headers(state.clock()) if limit else {}
    body = completion_body(behaviour, call.model, prompt)
    call.tokens = body.get("usage", {}).get("total_tokens", 0)
    return web.json_response(body, headers=headers)


async def _break_off(request: web.Request) -> web.StreamResponse:
    """Sends half an answer, then closes the socket."""
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "4096"})
    await response.prepare(request)
    await response.write(b'{"choices": [{"message": ')
    if request.transport is not None:
        request.transport.abort()
    return response


async def models(request: web.Request) -> web.Response:
    state = request.app[STATE]
    plan = state.key_plans.get(_key(request))
    behaviour = plan.rest if plan else None
    if behaviour and behaviour.status >= 400:
        body = refusal(behaviour, "", _key(request))
        return web.json_response(body, status=behaviour.status)
    names = sorted(PLAIN | LISTED_ONLY | state.model_plans.keys())
    rows = [{"id": name, "object": "model", "created": 0, "owned_by": "sandbox"} for name in names]
    return web.json_response({"object": "list", "data": rows})


# --- controls ----------------------------------------------------------------
async def show_calls(request: web.Request) -> web.Response:
    """Those of the calls kept that came ``since`` a time, all where none is given."""
    since = _number(request, "since", 0.0)
    return web.json_response({"calls": [asdict(call) for call in request.app[STATE].calls if call.time >= since]})


async def show_counts(request: web.Request) -> web.Response:
    """All calls, counted by model and by key; ``window_s`` is the window in which the most are looked for."""
    state, window_s = request.app[STATE], _number(request, "window_s", 60.0)
    groups = {"models": state.model_tallies, "keys": state.key_tallies}
    return web.json_response(
        {group: {name: tally.shown(window_s) for name, tally in tallies.items()} for group, tallies in groups.items()}
    )


def _number(request: web.Request, name: str, default: float) -> float:
    try:
        return float(request.query.get(name, default))
    except ValueError:
        raise web.HTTPBadRequest(text=f"{name} must be a number.") from None


def control(change: Callable[[State, dict[str, Any]], None]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A handler that changes the state by the request's object; 400 with the reason where that makes no sense."""

    async def handler(request: web.Request) -> web.Response:
        try:
            change(request.app[STATE], await _json_object(request) or {})
        except (TypeError, ValueError) as error:
            return web.json_response({"error": {"message": str(error)}}, status=400)
        return web.json_response({"ok": True})

    return handler


def _set_behaviour(state: State, order: dict[str, Any]) -> None:
    state.set_behaviour(order.pop("behaviour", None), **order)


def _set_limit(state: State, order: dict[str, Any]) -> None:
    state.set_limit(**order)


def _set_latency(state: State, order: dict[str, Any]) -> None:
    state.latency_s = max(0.0, float(order["latency_ms"]) / 1000) if "latency_ms" in order else 0.0


def _set_recording(state: State, order: dict[str, Any]) -> None:
    if not isinstance(order.get("bodies"), bool):
        raise ValueError("Say whether to keep the bodies and headers of calls: bodies true or false.")
    state.keeps_bodies = order["bodies"]


def _reset(state: State, order: dict[str, Any]) -> None:
    state.reset()


async def _json_object(request: web.Request) -> dict[str, Any] | None:
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _headers(request: web.Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _key(request: web.Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer").strip()
