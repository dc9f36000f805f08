"""Reading an answer in OpenAI's words, as all our vendors send it, with the liberties that they take."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from providers.llm.answers.endings import Ending, ending_of
from providers.llm.answers.usage import is_spent, usage
from providers.llm.errors import ErrorKind, Fault, LLMError
from providers.llm.http.payload import holds_object
from providers.llm.scrubbing import scrub, without_secrets
from providers.llm.text import storable
from providers.llm.types import Completion, CompletionRequest, LimitFact

NAME_CHARS = 200
MOST_CHARS = 1_000_000  # of an answer; no model writes that much, and whatever reads it on would take long
MOST_MODELS = 10_000
TEXT_PARTS = frozenset({"text", "output_text"})
THOUGHTS = ("reasoning_content", "reasoning")


@dataclass(frozen=True, slots=True)
class _Choice:
    """The first choice of an answer, as it came."""

    fields: Mapping[str, Any]
    message: Mapping[str, Any]
    reason: str

    @property
    def ending(self) -> Ending:
        return ending_of(self.reason)


def completion(
    payload: Mapping[str, Any],
    request: CompletionRequest,
    latency_s: float,
    limits: tuple[LimitFact, ...],
    secrets: Sequence[str] = (),
) -> Completion:
    """The answer that ``payload`` holds; where it holds none an LLMError, with the usage that was paid for.

    ``secrets`` that the vendor repeats leave every text that is kept.
    """
    choice = _first_choice(payload)
    text = next((text for text in _texts(choice) if text.strip()), "")
    reported = _reported_usage(payload, choice)
    spent = usage(reported, request, text)
    if trouble := _trouble(choice, text, is_spent(reported)):
        kind, detail = trouble
        paid = None if kind is ErrorKind.SERVER and not is_spent(reported) else spent
        raise LLMError(Fault(kind, 200, limits=limits, detail=scrub(detail, secrets), usage=paid))
    return Completion(
        storable(without_secrets(text, secrets)),
        spent,
        latency_s,
        _name(choice.reason, secrets),
        limits,
        _name(payload.get("model"), secrets),
    )


def content_text(content: Any) -> str:
    """The text of a message: of a list its parts that are text, not those that think; an object as JSON."""
    if isinstance(content, str):
        return content
    if isinstance(content, Mapping):
        return _part_text(content) if "type" in content else json.dumps(content, ensure_ascii=False)
    if not isinstance(content, list):
        return ""
    if content and all(isinstance(part, Mapping) and not {"type", "text"} & part.keys() for part in content):
        return json.dumps(content, ensure_ascii=False)
    return "".join(_part_text(part) for part in content)


def model_ids(payload: Any, secrets: Sequence[str] = ()) -> tuple[str, ...]:
    """The ids in an answer of GET /models: OpenAI's ``data``, Ollama's and Google's ``models``, or a bare list."""
    rows = payload
    if isinstance(payload, Mapping):
        rows = next((payload[name] for name in ("data", "models") if isinstance(payload.get(name), list)), ())
    ids = (_name(_model_id(row), secrets) for row in (rows if isinstance(rows, list) else ()))
    return tuple(islice((model_id for model_id in ids if model_id), MOST_MODELS))


def _model_id(row: Any) -> Any:
    if not isinstance(row, Mapping):
        return row
    return next((row[name] for name in ("id", "model", "name") if row.get(name)), None)


def _name(value: Any, secrets: Sequence[str]) -> str:
    """A short text of the vendor's; empty where it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return storable(without_secrets(str(value)[: 2 * NAME_CHARS], secrets))[:NAME_CHARS]


def _first_choice(payload: Mapping[str, Any]) -> _Choice:
    choices = payload.get("choices")
    first = _mapping(choices[0]) if isinstance(choices, list) and choices else {}
    reasons = (first.get(name) for name in ("finish_reason", "stop_reason"))
    reason = next((reason for reason in reasons if reason and isinstance(reason, str)), "stop")
    return _Choice(first, _mapping(first.get("message")) or _mapping(first.get("delta")), reason)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _texts(choice: _Choice) -> Iterator[str]:
    """Where the answer may stand. Thoughts hold it where nothing else does, but of a model cut off only a draft."""
    message = choice.message
    yield content_text(message.get("content"))
    yield content_text(message.get("parsed"))
    calls = message.get("tool_calls")
    functions = [
        call.get("function") for call in (calls if isinstance(calls, list) else ()) if isinstance(call, Mapping)
    ]
    for function in (*functions, message.get("function_call")):
        if isinstance(function, Mapping):
            yield content_text(function.get("arguments"))
    yield content_text(choice.fields.get("text"))
    if choice.ending is Ending.DONE:
        thoughts = (content_text(message.get(name)) for name in THOUGHTS)
        yield from (thought for thought in thoughts if "{" in thought)


def _part_text(part: Any) -> str:
    if isinstance(part, str):
        return part
    if not isinstance(part, Mapping) or part.get("type", "text") not in TEXT_PARTS:
        return ""
    text = part.get("text")
    if isinstance(text, Mapping):
        text = text.get("value")
    return text if isinstance(text, str) else ""


def _reported_usage(payload: Mapping[str, Any], choice: _Choice) -> Any:
    """Some tell it beside the choices, some in the last event of a stream."""
    for holder in (payload, choice.fields, payload.get("x_groq")):
        if isinstance(holder, Mapping) and isinstance(holder.get("usage"), Mapping):
            return holder["usage"]
    return None


def _trouble(choice: _Choice, text: str, spent: bool) -> tuple[ErrorKind, str] | None:
    """Why this is no answer. One that thought until its tokens ran out is asked again with room."""
    reason = choice.reason
    if len(text) > MOST_CHARS:
        return ErrorKind.SERVER, f"The answer is longer than {MOST_CHARS:,} characters."
    match choice.ending:
        case Ending.WITHHELD:
            return ErrorKind.CONTENT_REFUSED, f"The vendor withheld the answer ({reason}). {_refusal(choice.message)}"
        case Ending.BROKEN if not holds_object(text):
            return ErrorKind.SERVER, f"The vendor broke the answer off ({reason})."
        case Ending.CUT_OFF:
            return None
    return None if text.strip() else _why_empty(choice, spent)


def _why_empty(choice: _Choice, spent: bool) -> tuple[ErrorKind, str]:
    if not choice.fields:
        return ErrorKind.SERVER, "The answer holds no choices."
    if refusal := _refusal(choice.message):
        return ErrorKind.CONTENT_REFUSED, f"The model refused: {refusal}"
    if not spent:
        return ErrorKind.SERVER, f"The answer is empty, and no tokens were used (finish_reason {choice.reason})."
    return ErrorKind.BAD_OUTPUT, f"The answer is empty (finish_reason {choice.reason})."


def _refusal(message: Mapping[str, Any]) -> str:
    if isinstance(refusal := message.get("refusal"), str):
        return refusal
    content = message.get("content")
    parts = (
        part.get("refusal") for part in (content if isinstance(content, list) else ()) if isinstance(part, Mapping)
    )
    return next((part for part in parts if isinstance(part, str)), "")
