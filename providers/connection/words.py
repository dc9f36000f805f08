"""What came of a test of a connection, in words for people: what is so, and what to do about it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from providers.llm.errors import ErrorKind, Fault, NotFound
from providers.routing.admission import Refused
from providers.routing.config import ProviderEntry
from providers.routing.explaining.durations import at_least
from providers.routing.explaining.words import obstacle_words


@dataclass(frozen=True, slots=True)
class Outcome:
    """``kind`` is an ErrorKind, an obstacle's code or a Lack; empty where it works. ``retry_after_s``: not before that.

    ``learnt`` tells what the model turned out not to take as it was sent; ``answered_by`` is another model than the one
    asked for.
    """

    works: bool
    words: str
    remedy: str = ""
    kind: str = ""
    model_id: str = ""
    latency_ms: int | None = None
    retry_after_s: float | None = None
    learnt: tuple[str, ...] = ()
    answered_by: str = ""


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
    ErrorKind.CONTENT_REFUSED: Advice(
        "Its content filter refused a harmless prompt{status}{detail}",
        "Key and address work. Look at the safety settings of the account at the vendor, or use another model.",
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
NOT_THE_NAME: Mapping[NotFound, Advice] = {
    NotFound.ADDRESS: Advice(
        "Nothing answers chats at this address{status}{detail}",
        "Compare it with the vendor's documentation. legalds adds /chat/completions by itself.",
    ),
    NotFound.QUOTA: Advice(
        "'{model}' is not for this account{status}{detail}",
        "Choose another model, or a plan that has this one.",
    ),
}
"""Where it is not the model's name that is not found."""


def worked(model_id: str, latency_s: float, *, learnt: tuple[str, ...] = (), other: str = "") -> Outcome:
    latency_ms = round(latency_s * 1000)
    headline = f"Works: {model_id} answered in {latency_ms} ms."
    told = [f"It refused a part of the request. From now on: {'; '.join(learnt)}."] if learnt else []
    if other:
        told.append(f"The vendor says that {other} answered: look whether it still offers {model_id}.")
    return Outcome(
        True, headline, " ".join(told), model_id=model_id, latency_ms=latency_ms, learnt=learnt, answered_by=other
    )


def failed(fault: Fault, model_id: str = "") -> Outcome:
    """Without a model: of the list of models."""
    advice = LISTING[fault.kind]
    if model_id:
        advice = NOT_THE_NAME[fault.not_found] if fault.not_found else ADVICE[fault.kind]
    status = f" ({fault.status})" if fault.status and fault.status != 200 else ""
    detail = f": {fault.detail}" if fault.detail else "."
    headline = advice.headline.format(model=model_id, status=status, detail=detail, said=fault.detail or fault.kind)
    again = ""
    if fault.retry_after_s is not None:
        again = f" Try again in {at_least(fault.retry_after_s)}."
    return Outcome(False, headline, advice.remedy + again, fault.kind, model_id, retry_after_s=fault.retry_after_s)


def not_let_out(refused: Refused, model_id: str = "") -> Outcome:
    """No call was made."""
    again = "a moment" if refused.obstacle.ends_with_a_call else at_least(refused.wait_s)
    return Outcome(
        False,
        f"No call was made. Try again in {again}.",
        f"{obstacle_words(refused)}.",
        refused.obstacle.code,
        model_id,
        retry_after_s=refused.wait_s,
    )


def lacking(lack: Lack) -> Outcome:
    advice = LACKS[lack]
    return Outcome(False, advice.headline, advice.remedy, lack)


def lack_of(provider: ProviderEntry) -> Lack | None:
    """What keeps any call to the provider from being signed."""
    if provider.is_keyed:
        return None
    return Lack.UNREADABLE_KEY if provider.key_is_unreadable else Lack.NO_KEY
