"""Opening the envelopes in which vendors refuse, down to their codes, statuses and words.

An envelope is a JSON object within others: under "error", in "errors", as JSON text inside a message. All of them are
layers of one refusal, the outermost first. Only what the vendor itself says is read: never what it repeats of a request
or of a model's answer.
"""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

MOST_LAYERS = 16
MOST_ENTRIES = 10
MOST_NODES = 1000
MOST_FIELDS = 100
LONGEST_CODE = 120
LONGEST_WORDS = 2000
LONGEST_EMBEDDED = 20_000
REPEATED = frozenset({"input", "failed_generation", "messages", "prompt", "choices", "flagged_input", "request"})
INNER_FIELDS = (
    "error",
    "errors",
    "detail",
    "message",
    "msg",
    "innererror",
    "provider_specific_fields",
    "base_resp",
    "metadata",
    "promptFeedback",
)
CODE_FIELDS = (
    "code",
    "type",
    "reason",
    "error_code",
    "error_type",
    "errorCode",
    "errorType",
    "__type",
    "status",
    "status_code",
)
STATUS_FIELDS = ("code", "status", "status_code", "statusCode", "http_code", "httpCode", "error_code")
WORD_FIELDS = ("message", "detail", "error", "msg", "error_msg", "status_msg", "errors", "description", "title")
RELAYED = re.compile(r"Received Model Group=|Provider returned error")  # LiteLLM's words; OpenRouter's
BROKEN_OFF = frozenset({"error", "insufficient_system_resource"})  # finish reasons: OpenRouter's, DeepSeek's
TRAILING_NUMBER = re.compile(r"\((\d{4})\)$")  # MiniMax: "insufficient balance (1008)"


@dataclass(frozen=True, slots=True)
class Layer:
    """One envelope. ``via``: the field that it stood in. ``is_relayed``: the error of a server behind the vendor's.

    ``was_text``: it stood as JSON inside a text.
    """

    fields: Mapping[str, Any]
    via: str = ""
    is_relayed: bool = False
    was_text: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a body says. Codes are in snake_case; numbers that are no HTTP status carry the field they stood in."""

    layers: tuple[Layer, ...] = ()
    codes: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()
    words: str = ""
    is_page: bool = False
    is_relayed: bool = False
    body: Any = field(default=None, repr=False)


def parsed(content: str) -> Any:
    """The body as JSON, or as the text that it is: also where its nesting or its numbers are beyond reason."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return content


def refusal_in(body: Any) -> Refusal:
    layers = tuple(islice(_layers(body), MOST_LAYERS))
    is_relayed = any(layer.is_relayed or _names_provider(layer) for layer in layers)
    words = _joined(said(layer.fields) for layer in layers) if layers else _text(body)
    return Refusal(
        layers,
        tuple(code for layer in layers for code in _codes(layer)),
        tuple(status for layer in layers for status in _statuses(layer)),
        words,
        is_page=isinstance(body, str) and body[:LONGEST_WORDS].lstrip().startswith("<"),
        is_relayed=is_relayed or bool(RELAYED.search(words)),
        body=body,
    )


def snake(code: str) -> str:
    """InvalidApiKey, invalid-api-key and "Invalid API key" as one: invalid_api_key."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", code[:LONGEST_CODE].rpartition("#")[2])
    return re.sub(r"[^a-z0-9]+", "_", apart.lower()).strip("_")


def nodes(refusal: Refusal) -> Iterator[tuple[str, Any]]:
    """Every field at any depth with its name in snake_case, but for what repeats the request. Bounded."""
    inner = (layer.fields for layer in refusal.layers if layer.was_text)
    waiting: deque[tuple[str, Any]] = deque(("", root) for root in (refusal.body, *inner))
    for _ in range(MOST_NODES):
        if not waiting:
            return
        name, value = waiting.popleft()
        yield name, value
        if isinstance(value, Mapping):
            fields = islice(value.items(), MOST_FIELDS)
            waiting.extend((snake(key), entry) for key, entry in fields if key not in REPEATED)
        elif isinstance(value, list):
            waiting.extend((name, entry) for entry in value[:MOST_ENTRIES])


def said(fields: Mapping[str, Any]) -> str:
    """The first words of an envelope itself, without an error in them that is JSON: that is a layer of its own."""
    for name in WORD_FIELDS:
        value = fields.get(name)
        words = complaints(value) if isinstance(value, list) else _text(_before_error(value))
        if words:
            return words
    return ""


def complaints(entries: list[Any]) -> str:
    """A list of complaints as text: where and what. The rest of such an entry repeats the request."""
    return "; ".join(filter(None, (_complaint(entry) for entry in entries[:MOST_ENTRIES])))


def _complaint(entry: Any) -> str:
    if isinstance(entry, str):
        return entry[:LONGEST_WORDS]
    if not isinstance(entry, Mapping) or not isinstance(entry.get("msg"), str):
        return ""
    where, words = location(entry), _text(entry["msg"])
    return f"{where}: {words}" if where else words


def location(complaint: Mapping[str, Any]) -> str:
    """The path of a field as pydantic names it, dotted."""
    path = complaint.get("loc")
    return ".".join(str(part)[:LONGEST_CODE] for part in path[:MOST_ENTRIES]) if isinstance(path, list) else ""


def _layers(body: Any) -> Iterator[Layer]:
    waiting = [Layer(root) for root in _objects(body)]
    if isinstance(body, str):
        waiting.extend(_embedded(body, "", Layer({})))
    while waiting:
        layer = waiting.pop(0)
        yield layer
        waiting.extend(_inside(layer))


def _inside(layer: Layer) -> Iterator[Layer]:
    for name in INNER_FIELDS:
        value = layer.fields.get(name)
        for inner in _objects(value):
            yield Layer(inner, name, layer.is_relayed)
        if isinstance(value, str):
            yield from _embedded(value, name, layer)
    yield from _behind(layer)
    if choice := first_choice(layer.fields):
        yield from (Layer(error, "choice", is_relayed=True) for error in _objects(choice.get("error")))


def _behind(layer: Layer) -> Iterator[Layer]:
    """OpenRouter's ``metadata``: ``raw`` is the answer of the server behind, as JSON or as text that holds it."""
    raw = layer.fields.get("raw")
    if layer.via != "metadata" or not raw:
        return
    body = parsed(raw[:LONGEST_EMBEDDED]) if isinstance(raw, str) else raw
    objects = list(_objects(body)) or [{"message": _text(body)}]
    yield from (Layer(entry, "raw", is_relayed=True, was_text=True) for entry in objects)


def _embedded(text: str, name: str, layer: Layer) -> Iterator[Layer]:
    """An error that stands as JSON inside a message; with words before it, it is that of a server behind."""
    inner = _error_in(text)
    if inner is not None:
        before = _before_error(text).replace("data:", "").strip(" [\n")
        yield Layer(inner, name, layer.is_relayed or bool(before), was_text=True)


def _error_in(text: str) -> Mapping[str, Any] | None:
    _, brace, rest = text[:LONGEST_EMBEDDED].partition("{")
    try:
        inner = json.JSONDecoder().raw_decode(brace + rest)[0]
    except (ValueError, RecursionError):
        return None
    return inner if isinstance(inner, Mapping) and inner.get("error") else None


def _before_error(value: Any) -> Any:
    is_held = isinstance(value, str) and _error_in(value) is not None
    return value[:LONGEST_EMBEDDED].partition("{")[0] if is_held else value


def first_choice(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    choices = fields.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, Mapping) else {}


def broken_off(fields: Mapping[str, Any]) -> bool:
    """Whether the vendor gave the answer up half-way."""
    reason = first_choice(fields).get("finish_reason")
    return isinstance(reason, str) and reason.lower() in BROKEN_OFF


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
    elif isinstance(value, list):
        yield from (entry for entry in value[:MOST_ENTRIES] if isinstance(entry, Mapping) and "loc" not in entry)


def _codes(layer: Layer) -> Iterator[str]:
    """Every structured word that may name the trouble, the most precise first."""
    details = layer.fields.get("details")
    for detail in _objects(details):
        if isinstance(reason := detail.get("reason"), str):
            yield snake(reason)
    for name in CODE_FIELDS:
        value = layer.fields.get(name)
        number = _whole(value)
        if number is not None:
            if not 400 <= number < 600:
                yield f"{layer.via or name}_{number}"
        elif isinstance(value, str) and value:
            yield snake(value)
    if isinstance(error := layer.fields.get("error"), str) and error and " " not in error.strip():
        yield snake(error)
    if layer.fields.get("blockReason") or "flagged_input" in layer.fields:
        yield "content_blocked"
    if broken_off(layer.fields):
        yield snake(first_choice(layer.fields)["finish_reason"])
    words = said(layer.fields)
    if len(words) <= LONGEST_CODE and (match := TRAILING_NUMBER.search(words)):
        yield f"base_resp_{match[1]}"


def _names_provider(layer: Layer) -> bool:
    return layer.via == "metadata" and bool(layer.fields.get("provider_name"))


def _statuses(layer: Layer) -> Iterator[int]:
    for name in STATUS_FIELDS:
        number = _whole(layer.fields.get(name))
        if number is not None and 400 <= number < 600:
            yield number


def _whole(value: Any) -> int | None:
    """A number, or a short text of nothing but digits."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: Any) -> str:
    return " ".join(value[:LONGEST_WORDS].split()) if isinstance(value, str) else ""


def _joined(parts: Iterator[str]) -> str:
    """The words of all layers, each once: an inner one often repeats an outer one."""
    kept: list[str] = []
    for part in parts:
        if part and not any(part in other for other in kept):
            kept.append(part)
    return " ".join(kept)[:LONGEST_WORDS]
