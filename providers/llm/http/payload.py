"""From the text of an answer to the value that it holds: JSON, or a stream of events that nobody asked for."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

LONGEST_NUMBER = 400  # digits; a longer one is no count, and Python refuses to turn one of 4,300 into text
STREAM_CUT = {"error": {"message": "The server sent a stream, and broke it off before its end.", "code": 502}}
LINE_END = re.compile(r"\r\n|\n|\r")  # and no other, as str.splitlines has it: JSON may hold those
JOINED = ("content", "reasoning_content", "reasoning", "refusal")


def parsed(text: str) -> Any:
    """What the text holds; None where that is nothing that can be read."""
    try:
        return _json(text)
    except (ValueError, RecursionError):
        return assembled(text)


def holds_object(text: str) -> bool:
    """Whether there is a JSON object in the text, at its first brace."""
    start = text.find("{")
    if start < 0:
        return False
    try:
        return isinstance(_DECODER.raw_decode(text, start)[0], dict)
    except (ValueError, RecursionError):
        return False


def unlisted(payload: Any) -> Any:
    """A bare list as an object: a completion that came in one, else the rows of a listing. Errors in lists stay."""
    if not isinstance(payload, list) or any(isinstance(row, Mapping) and row.get("error") for row in payload):
        return payload
    is_completion = len(payload) == 1 and isinstance(payload[0], Mapping) and "choices" in payload[0]
    return payload[0] if is_completion else {"data": payload}


def generated_in_refusal(payload: Any) -> dict[str, Any] | None:
    """An answer after all: Groq refuses what its model wrote where it finds no JSON in it, and shows it."""
    body = payload[0] if isinstance(payload, list) and payload else payload
    if not isinstance(body, Mapping):
        return None
    for holder in (body.get("error"), body):
        text = holder.get("failed_generation") if isinstance(holder, Mapping) else None
        if isinstance(text, str) and holds_object(text):
            choice = {"message": {"content": text}, "finish_reason": "json_validate_failed"}
            return {**body, "error": None, "choices": [choice]}
    return None


def assembled(text: str) -> Any:
    """The completion that a stream of server-sent events brings in pieces; None where the text is no such stream."""
    whole: dict[str, Any] = {}
    choices: dict[int, dict[str, Any]] = {}
    done = False
    for data in _events(text):
        if data == "[DONE]":
            done = True
            continue
        try:
            chunk = _json(data)
        except (ValueError, RecursionError):
            return STREAM_CUT if whole or choices else None
        if isinstance(chunk, Mapping):
            _merge(whole, choices, chunk)
    if not whole and not choices:
        return None
    whole["choices"] = list(choices.values())
    if whole.get("error"):
        return {"error": whole["error"]}
    if not done and not any(choice.get("finish_reason") for choice in choices.values()):
        return STREAM_CUT
    return whole


def _json(text: str) -> Any:
    return _DECODER.decode(text)


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= LONGEST_NUMBER else float(digits)


_DECODER = json.JSONDecoder(parse_int=_integer)


def _events(text: str) -> Iterator[str]:
    """The data of each event; lines of JSON without a name count too, comments and other fields do not."""
    data: list[str] = []
    for line in [*LINE_END.split(text), ""]:
        if line.startswith("data:"):
            data.append(line.removeprefix("data:").strip())
        elif line.startswith("{"):
            yield line
        elif not line and data:
            yield "\n".join(data)
            data = []


def _merge(whole: dict[str, Any], choices: dict[int, dict[str, Any]], chunk: Mapping[str, Any]) -> None:
    whole.update({name: value for name, value in chunk.items() if value is not None and name != "choices"})
    pieces = chunk.get("choices")
    for piece in pieces if isinstance(pieces, list) else ():
        if isinstance(piece, Mapping):
            index = piece.get("index")
            _merge_choice(choices.setdefault(index if isinstance(index, int) else 0, {"message": {}}), piece)


def _merge_choice(choice: dict[str, Any], piece: Mapping[str, Any]) -> None:
    delta = piece.get("delta") or piece.get("message")
    if isinstance(delta, Mapping):
        _merge_message(choice["message"], delta)
    elif isinstance(piece.get("text"), str):
        _join(choice["message"], "content", piece["text"])
    rest = {name: value for name, value in piece.items() if name not in ("delta", "message", "text", "index")}
    choice.update({name: value for name, value in rest.items() if value is not None})


def _merge_message(message: dict[str, Any], delta: Mapping[str, Any]) -> None:
    for name in JOINED:
        if isinstance(delta.get(name), str):
            _join(message, name, delta[name])
    calls = delta.get("tool_calls")
    for call in calls if isinstance(calls, list) else ():
        function = call.get("function") if isinstance(call, Mapping) else None
        if isinstance(function, Mapping) and isinstance(function.get("arguments"), str):
            known = message.setdefault("tool_calls", [{"function": {"arguments": ""}}])
            known[0]["function"]["arguments"] += function["arguments"]


def _join(message: dict[str, Any], name: str, piece: str) -> None:
    message[name] = message.get(name, "") + piece
