"""What happened to a batch, in words. Pure: facts in, sentences out."""

from collections.abc import Mapping
from typing import Any

from providers.routing.explaining.durations import roughly


def status_words(facts: Mapping[str, Any], actor: str = "") -> str:
    """A change of status; ``actor`` is the person who made it, if one did."""
    before, after = facts.get("from"), str(facts["to"])
    by = f" by {actor}" if actor else ""
    why = f": {facts['reason']}" if facts.get("reason") else ""
    made = _made(facts)
    if before is None:
        return f"Ordered{by}: {_samples(facts['count'])}"
    match after:
        case "running":
            return f"{_going(str(before))}{by}"
        case "paused":
            return f"Paused{by}{why}"
        case "stopped":
            return f"Stopped{by}{why}; {made}"
    return f"{after.replace('_', ' ').capitalize()}{by}: {facts.get('reason') or made}"


def news_words(facts: Mapping[str, Any], batch_id: int) -> str:
    """A change of status for somebody who looks at another page."""
    after, made = str(facts["to"]), _made(facts)
    if after == "paused":
        reason = str(facts.get("reason") or "")
        return f"Batch {batch_id} is paused" + (f": {reason}" if reason else ".")
    verb = "has" if after == "failed" else "is"
    return f"Batch {batch_id} {verb} {after.replace('_', ' ')}: {made}."


def suspended_words(facts: Mapping[str, Any]) -> str:
    """``scope`` was suspended for ``seconds``; ``next`` is who went on."""
    times, reason = int(facts.get("times") or 0), str(facts.get("reason") or "")
    counted = f"{times} \u00d7 {reason}" if times > 1 else reason
    onward = f"; now {named(facts['next'])}" if facts.get("next") else ""
    return f"{named(facts['scope'])} suspended {roughly(float(facts['seconds']))}: {counted}{onward}"


def recovered_words(facts: Mapping[str, Any]) -> str:
    scope = named(facts["scope"])
    return f"The suspension of {scope} was lifted" if facts.get("is_lifted") else f"{scope} answers again"


def rerouted_words(facts: Mapping[str, Any]) -> str:
    """``scope`` was asked, ``answered_by`` is the model that the vendor says it was."""
    return f"{named(facts['scope'])}: the vendor says that {facts['answered_by']} answers in its place"


def moved_words(times: int, before: str, after: str, why: str) -> str:
    """Items that went from one route to another."""
    items = "1 item" if times == 1 else f"{times:,} items"
    return f"{items} moved from {named(before)} to {named(after)} after {why}"


def named(scope: str) -> str:
    """A route or a provider as people read it: ``cerebras gpt-oss-120b``."""
    return scope.replace("/", " ", 1)


def _going(before: str) -> str:
    return {
        "pending": "Started",
        "paused": "Going on after a pause",
        "stopped": "Resumed",
    }.get(before, "Taken up again")


def _made(facts: Mapping[str, Any]) -> str:
    failed = int(facts.get("failed") or 0)
    text = f"{int(facts.get('generated') or 0):,} of {_samples(facts['count'])} made"
    return f"{text}, {failed:,} failed" if failed else text


def _samples(count: Any) -> str:
    return "1 sample" if count == 1 else f"{int(count):,} samples"
