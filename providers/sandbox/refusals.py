"""The bodies with which the sandbox refuses, in the shapes that vendors use. Pure."""

from collections.abc import Mapping
from typing import Any

from providers.sandbox.behaviours import Behaviour

MESSAGES = {
    401: (
        "Incorrect API key provided: {key}. This is a synthetic refusal.",
        "invalid_request_error",
        "invalid_api_key",
    ),
    402: ("Payment required. This is a synthetic refusal.", "payment_required_error", "payment_required"),
    403: ("You may not use this. This is a synthetic refusal.", "permission_error", None),
    404: (
        "The model `{model}` does not exist or you do not have access to it.",
        "invalid_request_error",
        "model_not_found",
    ),
    413: ("Request too large for model `{model}`.", "invalid_request_error", "request_too_large"),
    429: ("Rate limit reached for model `{model}`: please try again later.", "requests", "rate_limit_exceeded"),
}
WORDED = {
    "bad-request": ("'messages' is not valid. This is a synthetic refusal.", "invalid_request_error", None),
    "context-length": (
        "This model's maximum context length is 8192 tokens. Please reduce the length of the messages.",
        "invalid_request_error",
        "context_length_exceeded",
    ),
    "billing-400": (
        "Your credit balance is too low to access this API. Please go to Plans & Billing.",
        "invalid_request_error",
        None,
    ),
    "quota-429": (
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
        "insufficient_quota",
    ),
    "daily-429": (
        (
            "Rate limit reached for model `{model}` in organization `sandbox` on tokens per day (TPD): Limit 200000, "
            "Used 199900, Requested 1500. Please try again in 10m2s. This is a synthetic refusal."
        ),
        "tokens",
        "rate_limit_exceeded",
    ),
    "content-refused": (
        "The request was rejected because it was considered high risk. This is a synthetic refusal.",
        "content_filter",
        "content_filter",
    ),
    "unknown-model": MESSAGES[404],
    "json-failed": (
        "Failed to generate JSON. Please adjust your prompt. See 'failed_generation' for more details.",
        "invalid_request_error",
        "json_validate_failed",
    ),
}

# As OpenAI and Groq word them: message, param, code.
PARAMETERS: Mapping[str, tuple[str, str, str | None]] = {
    "max_tokens": (
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "max_tokens",
        "unsupported_parameter",
    ),
    "max_completion_tokens": (
        "Unsupported parameter: 'max_completion_tokens' is not supported with this model.",
        "max_completion_tokens",
        "unsupported_parameter",
    ),
    "temperature": (
        "Unsupported value: 'temperature' does not support 0.8 with this model. Only the default (1) is supported.",
        "temperature",
        "unsupported_value",
    ),
    "json_schema": (
        "This model does not support response format `json_schema`. See supported models in the documentation.",
        "response_format",
        None,
    ),
    "json_object": (
        "Invalid parameter: 'response_format' of type 'json_object' is not supported with this model.",
        "response_format",
        None,
    ),
    "strict": (
        "Unknown parameter: 'response_format.json_schema.strict'.",
        "response_format.json_schema.strict",
        "unknown_parameter",
    ),
    "stream": ("Unrecognized request argument supplied: stream", "stream", "unknown_parameter"),
}


def refused_part(behaviour: Behaviour, body: Mapping[str, Any]) -> dict[str, Any] | None:
    """The refusal of the first part of the request that the model does not take; None where it takes all."""
    wanted = body.get("response_format")
    wanted = wanted if isinstance(wanted, Mapping) else {}
    held = {*body, wanted.get("type"), *(wanted.get("json_schema") or ())}
    part = next((part for part in behaviour.refuses if part in held), None)
    if part is None:
        return None
    message, param, code = PARAMETERS[part]
    return {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}


def refusal(behaviour: Behaviour, model: str, key: str) -> dict[str, Any]:
    """Like the worst of the vendors, a 401 echoes the key: whoever shows it will be found out."""
    whose = "server_error" if behaviour.status >= 500 else "invalid_request_error"
    fallback = (f"Synthetic failure with status {behaviour.status}.", whose, None)
    message, kind, code = WORDED.get(behaviour.word) or MESSAGES.get(behaviour.status, fallback)
    text = message.replace("{model}", model).replace("{key}", key)
    return {"error": {"message": text, "type": kind, "param": None, "code": code}}
