"""Which field of a request a model does not take: as the vendor names it, a dotted path too."""

import re

from providers.llm.refusals.envelope import Layer, Refusal, location

LONGEST = 100
ALWAYS_SENT = frozenset({"model", "messages", "prompt", "input", "contents", "content"})
NO_FIELDS = frozenset({"None", "null", "none", "validation_error", "body"})  # what vendors write where they name none
COMPLAINTS_OF_FIELDS = frozenset({"extra_forbidden", "value_error.extra", "literal_error", "enum"})
NAME = r"[\"'`]?([A-Za-z_][\w.\-\[\]]{0,80}?)[\"'`]?"
END = r"(?=[\s,.:;]|$)"
REFUSED = r"(?:unsupported|unknown|unrecognized|unexpected|invalid)"
FIELD = r"(?:parameter|argument|field|value|name)s?"
JSON = r"(?:response format|json[ _](?:mode|schema|object)|structured outputs?)"
WORDS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{REFUSED} (?:request )?{FIELD}(?: supplied| value)?:? {NAME}{END}",
        rf"argument not supported(?: on this model)?: {NAME}{END}",
        rf"does(?: not|n't) support (?:the )?{FIELD} {NAME}{END}",
        rf"(?:parameter|argument|field|property|option) {NAME} (?:is not|is un|isn't|not) ?supported",
        rf"additional properties are not allowed \({NAME} w",
        r"(?<!model )[\"'`]([\w.]{1,80})[\"'`](?: of type \S{1,40})? (?:is(?: not|n't) supported|must be\b)",
        r"^([a-z_]{3,40}) is not supported",
        r"\b(response_format)\b.{0,60}\b(?:unavailable|not supported|unsupported|invalid)",
    )
)
JSON_WORDS = re.compile(
    rf"support(?:ed)? (?:for )?(?:the )?{JSON}|{JSON}\b.{{0,60}}(?:not|un)[ -]?(?:supported|available)", re.IGNORECASE
)


def refused_parameter(refusal: Refusal) -> str:
    """Empty where the vendor complains about none. ``param`` first, then complaints of fields, then words."""
    named = next(filter(None, (_named(layer) for layer in refusal.layers)), "")
    return named or _in_words(refusal.words)


def _named(layer: Layer) -> str:
    param = layer.fields.get("param")
    if isinstance(param, str) and _is_ours(param):
        return param
    entries = layer.fields.get("detail")
    for entry in entries[:LONGEST] if isinstance(entries, list) else ():
        if isinstance(entry, dict) and entry.get("type") in COMPLAINTS_OF_FIELDS:
            path = location(entry).removeprefix("body.")
            if _is_ours(path):
                return path
    return ""


def _in_words(words: str) -> str:
    words = words[: LONGEST * 5]
    for pattern in WORDS:
        if (match := pattern.search(words)) and _is_ours(match[1]):
            return _snake(match[1])
    return "response_format" if JSON_WORDS.search(words) else ""


def _is_ours(name: str) -> bool:
    """A path of fields, and not of one that every request must hold."""
    is_path = len(name) <= LONGEST and re.fullmatch(r"[A-Za-z_][\w.\-\[\]]*", name) is not None
    return is_path and re.split(r"[.\[]", name)[0] not in ALWAYS_SENT | NO_FIELDS


def _snake(name: str) -> str:
    """xAI names them in camelCase."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
