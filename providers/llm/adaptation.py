"""Adapting requests to what a model refuses: a field is renamed, reduced or left out, one step at a time. Pure.

What was learnt of a model maps fields to forms. A field only ever moves on along its ladder, so adapting comes to an
end, and what two workers learnt at the same time can be merged.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from providers.llm.types import ModelFacts

OMITTED = "omitted"
RENAMED = "max_completion_tokens"
JSON_MODE = "json_object"
SCHEMA = "json_schema"
LADDERS: Mapping[str, tuple[str, ...]] = {"max_tokens": (RENAMED, OMITTED), "response_format": (JSON_MODE, OMITTED)}
"""The forms of fields that have more than one; the others are left out at once."""
REQUIRED = frozenset({"model", "messages"})
# What vendors call our fields, without underscores and in lower case.
ALIASES = {
    "maxtokens": "max_tokens",
    "maxcompletiontokens": "max_tokens",
    "maxoutputtokens": "max_tokens",
    "maxnewtokens": "max_tokens",
    "responseformat": "response_format",
    "jsonschema": "response_format",
    "jsonobject": "response_format",
    "jsonmode": "response_format",
    "responseschema": "response_format",
    "responsejsonschema": "response_format",
    "responsemimetype": "response_format",
    "additionalproperties": "additionalProperties",
}
WORDS: Mapping[tuple[str, str], str] = {
    ("max_tokens", RENAMED): "max_completion_tokens is sent in place of max_tokens",
    ("response_format", JSON_MODE): "JSON mode is asked for in place of a JSON schema",
    ("response_format", OMITTED): "response_format is not sent: the prompt alone asks for JSON",
}

Adaptations = Mapping[str, str]


def next_adaptation(model: ModelFacts, body: Mapping[str, Any], parameter: str) -> dict[str, str]:
    """What to change of ``body``, as it was sent, where the model refuses ``parameter``; empty where nothing is left.

    ``parameter`` is as the vendor names it, a path too. The fields of a person's ``extra_body`` are left alone.
    """
    for name in reversed(re.findall(r"\w+", parameter)):
        field = ALIASES.get(name.replace("_", "").lower(), name)
        if field not in model.extra_body and (form := _next_form(model, body, field)):
            return {field: form}
    return {}


def _next_form(model: ModelFacts, body: Mapping[str, Any], field: str) -> str:
    match field:
        case "max_tokens":
            if field in body:
                return RENAMED
            return OMITTED if RENAMED in body and RENAMED not in model.extra_body else ""
        case "response_format":
            wants_schema = _own_schema(body) is not None
            return JSON_MODE if wants_schema and not model.is_thinking_model else OMITTED if field in body else ""
        case "strict" | "additionalProperties":
            schema = None if "response_format" in model.extra_body else _own_schema(body)
            return OMITTED if field in _holder(schema or {}, field) else ""
    return OMITTED if field in body and field not in REQUIRED else ""


def adapted(body: dict[str, Any], model: ModelFacts) -> dict[str, Any]:
    """The body in the forms that the model takes, as far as they are known."""
    for field, form in model.adaptations.items():
        if field not in model.extra_body and field not in REQUIRED:
            body = _with_form(body, field, form)
    return body


def _with_form(body: dict[str, Any], field: str, form: str) -> dict[str, Any]:
    rest = {name: value for name, value in body.items() if name != field}
    match field, form:
        case "max_tokens", "max_completion_tokens":
            return {**rest, RENAMED: body.get(field)}
        case "response_format", "json_object":
            return {**rest, field: {"type": JSON_MODE}} if _own_schema(body) is not None else body
        case (("strict" | "additionalProperties"), "omitted"):
            return _without_detail(body, field)
        case _, "omitted":
            return rest
    return body


def _own_schema(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The JSON schema that the body asks for; None where it asks for none."""
    wanted = body.get("response_format")
    schema = wanted.get(SCHEMA) if isinstance(wanted, Mapping) else None
    return schema if isinstance(schema, Mapping) else None


def _holder(schema: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    """What of a json_schema holds the field."""
    inner: Mapping[str, Any] = schema if field == "strict" else schema.get("schema", {})
    return inner


def _without_detail(body: dict[str, Any], field: str) -> dict[str, Any]:
    schema = _own_schema(body)
    if schema is None:
        return body
    kept = {name: value for name, value in _holder(schema, field).items() if name != field}
    reduced = kept if field == "strict" else {**schema, "schema": kept}
    return {**body, "response_format": {"type": SCHEMA, SCHEMA: reduced}}


def merged(known: Adaptations, more: Adaptations) -> dict[str, str]:
    """Of each field the form that is further along its ladder."""
    return {**known, **{field: max(known.get(field, form), form, key=_rank(field)) for field, form in more.items()}}


def _rank(field: str) -> Any:
    ladder = LADDERS.get(field, (OMITTED,))
    return lambda form: ladder.index(form) if form in ladder else -1


def readable(stored: Any) -> dict[str, str]:
    """What a database column holds, as far as it is understood."""
    items = stored.items() if isinstance(stored, Mapping) else ()
    return {field: form for field, form in items if isinstance(field, str) and form in LADDERS.get(field, (OMITTED,))}


def in_words(adaptations: Adaptations) -> Iterator[str]:
    """A sentence for each, without its full stop."""
    for field, form in sorted(adaptations.items()):
        yield WORDS.get((field, form), f"{field} is not sent")
