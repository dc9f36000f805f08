"""What came of a test of a connection, in words for people: what is so, and what to do about it. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from providers.llm.errors import ErrorKind, Fault
from providers.routing.admission import Obstacle, Refused
from providers.routing.config import ProviderEntry


@dataclass(frozen=True, slots=True)
class Outcome:
    """``kind`` is an ErrorKind, an Obstacle or a Lack; empty where it works. ``retry_after_s``: not before that."""

    works: bool
    words: str
    remedy: str = ""
    kind: str = ""
    model_id: str = ""
    latency_ms: int | None = None
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """``headline`` may name {model}, {status} (with its blank, in brackets), {detail} (with its colon) and {said}."""

    headline: str
    remedy: str


class Lack(StrEnum):
    """What must be there before any call is made."""

    NO_KEY = "no_key"
    UNREADABLE_KEY = "unreadable_key"
    NO_MODEL = "no_model"
    STORE_AWAY = "store_away"


LACKS: Mapping[Lack, Advice] = {
    Lack.NO_KEY: Advice("There is no API key yet.", "Enter the key, or say that this provider needs none."),
    Lack.UNREADABLE_KEY: Advice(
        "The stored key cannot be decrypted with FERNET_KEYS.",
        "Enter the key again, or put the key that it was encrypted with back into FERNET_KEYS.",
    ),
    Lack.NO_MODEL: Advice("There is no model to ask yet.", "Fetch models, or add one by hand."),
    Lack.STORE_AWAY: Advice(
        "Redis is away, and without it no call may leave.", "Look whether Redis runs, then test again."
    ),
}

ADVICE: Mapping[ErrorKind, Advice] = {
    ErrorKind.AUTH: Advice(
        "The key was refused{status}{detail}", "Copy the whole key from this vendor's console and enter it again."
    ),
    ErrorKind.BILLING: Advice(
        "The account has no credit left{status}{detail}", "Add credit or a plan at the vendor, then test again."
    ),
    ErrorKind.FORBIDDEN: Advice(
        "The account may not do this{status}{detail}",
        "Look in the vendor's console whether the account, this region or the model needs to be unlocked.",
    ),
    ErrorKind.NOT_FOUND: Advice(
        "It knows no model '{model}'{status}{detail}",
        "Fetch models lists what it offers. Where that fails too, the base URL is wrong: most end in /v1.",
    ),
    ErrorKind.RATE_LIMITED: Advice(
        "Full: the vendor lets no more through now{status}{detail}",
        "Key and address work. Where this happens often, its limits are lower than those entered here.",
    ),
    ErrorKind.TIMEOUT: Advice(
        "{said}", "A large model may still be loading: test again in a minute. Where it stays so, check the base URL."
    ),
    ErrorKind.CONNECTION: Advice(
        "{said}", "Check the base URL for typing errors, and that this machine may reach it (proxy, firewall)."
    ),
    ErrorKind.SERVER: Advice(
        "The vendor's server failed{status}{detail}",
        "Test again in a minute, and look at the vendor's status page where it goes on.",
    ),
    ErrorKind.BAD_REQUEST: Advice(
        "It refused the request{status}{detail}",
        "Look whether the adapter fits this vendor, and at the model's extra settings (extra_body).",
    ),
    ErrorKind.CONTEXT_LENGTH: Advice(
        "Even a short prompt is too long for it{status}{detail}", "Look whether this is a chat model at all."
    ),
    ErrorKind.BAD_OUTPUT: Advice(
        "It answered, but with nothing that can be used{status}{detail}",
        "Key and address work. Test again, and look whether this is a chat model.",
    ),
}
LISTING: Mapping[ErrorKind, Advice] = {
    **ADVICE,
    ErrorKind.NOT_FOUND: Advice(
        "There is no list of models at this address{status}{detail}",
        "Check the base URL: most end in /v1. Some vendors have no list: add their models by hand.",
    ),
}


def worked(model_id: str, latency_s: float) -> Outcome:
    latency_ms = round(latency_s * 1000)
    return Outcome(True, f"Works: {model_id} answered in {latency_ms} ms.", model_id=model_id, latency_ms=latency_ms)


def failed(fault: Fault, model_id: str = "", *, latency_s: float | None = None) -> Outcome:
    """Without a model: of the list of models."""
    advice = (ADVICE if model_id else LISTING)[fault.kind]
    status = f" ({fault.status})" if fault.status and fault.status != 200 else ""
    detail = f": {fault.detail}" if fault.detail else "."
    headline = advice.headline.format(model=model_id, status=status, detail=detail, said=fault.detail or fault.kind)
    again = ""
    if fault.retry_after_s is not None:
        again = f" Try again in {seconds(fault.retry_after_s)}."
    return Outcome(
        False,
        headline,
        advice.remedy + again,
        fault.kind,
        model_id,
        None if latency_s is None else round(latency_s * 1000),
        fault.retry_after_s,
    )


def refused(refusal: Refused, model_id: str = "") -> Outcome:
    """No call was made: its budgets or places are taken."""
    if refusal.obstacle is Obstacle.BUSY:
        words = f"Full: {refusal.scope} has as many calls in flight as it may. Try again in a moment."
        return Outcome(False, words, "", refusal.obstacle, model_id, retry_after_s=refusal.wait_s)
    words = f"Full: try again in {seconds(refusal.wait_s)}."
    why = f"{refusal.scope} is at its {refusal.reason}" if refusal.obstacle is Obstacle.OVER_BUDGET else refusal.reason
    remedy = f"{why[:1].upper()}{why[1:]}. No call was made."
    return Outcome(False, words, remedy, refusal.obstacle, model_id, retry_after_s=refusal.wait_s)


def lacking(lack: Lack) -> Outcome:
    advice = LACKS[lack]
    return Outcome(False, advice.headline, advice.remedy, lack)


def lack_of(provider: ProviderEntry) -> Lack | None:
    """What keeps any call to the provider from being signed."""
    if provider.is_keyed:
        return None
    return Lack.UNREADABLE_KEY if provider.key_is_unreadable else Lack.NO_KEY


def seconds(wait_s: float) -> str:
    """Rounded up, so that nobody comes too early."""
    if wait_s < 120:
        return f"{max(1, math.ceil(wait_s))} s"
    if wait_s < 7200:
        return f"{math.ceil(wait_s / 60)} minutes"
    return f"{math.ceil(wait_s / 3600)} hours"
