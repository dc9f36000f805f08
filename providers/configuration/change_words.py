"""Changes of the configuration in words for people: "priority 3 -> 0", "key replaced: ...abcd -> ...wxyz"."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.text import Truncator

from providers.choices import AuditAction, Way
from providers.models import ConfigurationChange, Model, Provider
from providers.secrecy.secretlike import NOT_SHOWN

SHOWN = 4
LONGEST = 240
MADE = (AuditAction.CREATED, AuditAction.SEEDED)
KEY_ACTIONS = (AuditAction.KEY_SET, AuditAction.KEY_REPLACED, AuditAction.KEY_REMOVED)
LABELS: Mapping[str, str] = {
    **{field.name: str(field.verbose_name) for model in (Model, Provider) for field in model._meta.concrete_fields},
    "fallback_priority": "priority",
    "model_order": "models",
    "provider_order": "providers",
    "api_key": "key",
}


def who(change: ConfigurationChange) -> str:
    if change.way == Way.COMMAND:
        return f"manage.py {change.command}"
    if change.deed == AuditAction.LEARNT and not change.actor_name:
        return "a worker"
    return change.actor_name or ("nobody signed in" if change.way != Way.CODE else Way.CODE.label)


def how(change: ConfigurationChange) -> str:
    """By which way; empty where ``who`` says it."""
    return f"by the {change.get_way_display()}" if change.way in (Way.ADMIN, Way.API) else ""


def summary(change: ConfigurationChange) -> str:
    """One line, the first parts of a long change."""
    said = phrases(change)
    if change.deed in KEY_ACTIONS:
        said = said[:1]
    if change.deed == AuditAction.REORDERED:
        said = [value_in_words(entry["field"], entry["to"]) for entry in change.parts]
    rest = f", and {len(said) - SHOWN} more" if len(said) > SHOWN else ""
    return Truncator(head(change) + ", ".join(said[:SHOWN]) + rest).chars(LONGEST)


def head(change: ConfigurationChange) -> str:
    """What was done, where the parts do not say it."""
    action = AuditAction(change.deed)
    if action in (AuditAction.CHANGED, AuditAction.MOVED):
        return ""
    if action in KEY_ACTIONS and _is_same_key(change):
        return "the same key entered again: "
    has_parts = bool(change.parts) and action not in (AuditAction.SWITCHED_ON, AuditAction.SWITCHED_OFF)
    return f"{action.label}: " if has_parts else action.label


def phrases(change: ConfigurationChange) -> list[str]:
    """Every part of the change."""
    if change.deed in (AuditAction.SWITCHED_ON, AuditAction.SWITCHED_OFF):
        return []
    if change.deed in KEY_ACTIONS:
        key, *others = change.parts or [{}]
        return [_key_phrase(key), *(f"{label(part['field'])} {_key_phrase(part)}" for part in others)] if key else []
    return [_phrase(change.deed, entry) for entry in change.parts]


def label(field: str) -> str:
    name, _, part = field.partition(".")
    return " ".join(text for text in (LABELS.get(name, name.replace("_", " ")), part) if text)


def value_in_words(field: str, value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "none"
    if isinstance(value, bool):
        return ("on" if value else "off") if field == "enabled" else ("yes" if value else "no")
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value)


def _phrase(action: str, entry: Mapping[str, Any]) -> str:
    field = entry["field"]
    before, after = (value_in_words(field, entry[side]) for side in ("from", "to"))
    if action in MADE:
        return f"{label(field)} {after}"
    if action == AuditAction.DELETED:
        return f"{label(field)} {before}"
    if entry["from"] == entry["to"] == NOT_SHOWN:
        return f"{label(field)} changed {NOT_SHOWN}"
    return f"{label(field)} {before} -> {after}"


def _key_phrase(part: Mapping[str, Any]) -> str:
    if part["from"] and part["to"] and part["from"] != part["to"]:
        return f"{part['from']} -> {part['to']}"
    return str(part["to"] or part["from"])


def _is_same_key(change: ConfigurationChange) -> bool:
    return bool(change.parts) and all(entry["from"] == entry["to"] for entry in change.parts)
