"""The bodies with which the sandbox refuses, in the shapes that vendors use. Pure."""

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
    "unknown-model": MESSAGES[404],
    "json-failed": (
        "Failed to generate JSON. Please adjust your prompt. See 'failed_generation' for more details.",
        "invalid_request_error",
        "json_validate_failed",
    ),
}


def refusal(behaviour: Behaviour, model: str, key: str) -> dict[str, Any]:
    """Like the worst of the vendors, a 401 echoes the key: whoever shows it will be found out."""
    fallback = (f"Synthetic failure with status {behaviour.status}.", "server_error", None)
    message, kind, code = WORDED.get(behaviour.word) or MESSAGES.get(behaviour.status, fallback)
    text = message.replace("{model}", model).replace("{key}", key)
    return {"error": {"message": text, "type": kind, "param": None, "code": code}}
