"""The trail of configuration changes: who did what, when, by which way. One insert for each action, in its transaction.

An action takes the ``facts`` of a row before it writes, and records what came of them:

    before = audit.facts(provider)
    ...
    audit.record(audit.changed(provider, before))

Who is asking is known to the context: the middleware names the request, a command names itself. No secret comes here:
of a key the last four characters and the fingerprint, of secret settings only that they were set.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from providers.choices import AuditAction, Subject
from providers.configuration.actor import asker
from providers.models import ConfigurationChange, Model, Provider, ProviderConfig
from providers.secrecy.redaction import flat
from providers.secrecy.secretlike import NOT_SHOWN

Facts = Mapping[str, Any]
Row = Provider | Model
PLACES = ("order", "fallback_priority")
ORDERS = ("model_order", "provider_order")
IN_WORDS = {"adaptations": "learnt"}
UNRECORDED = ("provider", "created_at", "updated_at")


_gathered: ContextVar[list[ConfigurationChange] | None] = ContextVar("gathered", default=None)


# --- what was done -----------------------------------------------------------
def facts(row: Row) -> dict[str, Any]:
    """The row's columns as they stand now."""
    names = [field.name for field in row._meta.concrete_fields if not field.primary_key]
    return {name: _plain(getattr(row, IN_WORDS.get(name, name))) for name in names if name not in UNRECORDED}


def created(row: Row, *, limits: Sequence[str] = ()) -> ConfigurationChange:
    """``limits``, here and below, in words."""
    now = _telling(row) | ({"limits": list(limits)} if limits else {})
    return _about(row, AuditAction.CREATED, differences(dict.fromkeys(now), now))


def copied(row: Row, *, of: str) -> ConfigurationChange:
    """Beside its making: of which provider it is a copy."""
    return _about(row, AuditAction.CREATED, [_detail("copy_of", None, of)])


def changed(
    row: Row, before: Facts, *, limits: tuple[Sequence[str], Sequence[str]] = ((), ())
) -> ConfigurationChange | None:
    """None where it is as it was. ``limits``: before and after."""
    were, are = map(list, limits)
    details = differences({**before, "limits": were}, {**facts(row), "limits": are})
    return _about(row, _action_of(details), details) if details else None


def learnt(row: Model, before: Facts) -> ConfigurationChange:
    """Found out in calls, not decided by anybody."""
    return _about(row, AuditAction.LEARNT, differences(before, facts(row)))


def deleted(
    row: Row, *, models: Sequence[str] = (), key: str | None = None, limits: Sequence[str] = ()
) -> ConfigurationChange:
    """Keeps what it was, and what went with it."""
    went = {"models": list(models), "limits": list(limits)}
    was = _telling(row) | {name: gone for name, gone in went.items() if gone}
    change = _about(row, AuditAction.DELETED, differences(was, dict.fromkeys(was)))
    change.key_details = [_detail("api_key", key, None)] if key else []
    return change


def reordered(provider_id: str, before: Sequence[str], after: Sequence[str]) -> ConfigurationChange | None:
    """The whole list of a provider's models at once."""
    if list(before) == list(after):
        return None
    details = [_detail("model_order", list(before), list(after))]
    return ConfigurationChange(
        subject=Subject.PROVIDER, provider=provider_id, deed=AuditAction.REORDERED, details=details
    )


def installation_changed(before: Sequence[str], after: Sequence[str]) -> ConfigurationChange | None:
    """The limits that hold for all providers together."""
    if list(before) == list(after):
        return None
    details = [_detail("limits", list(before), list(after))]
    return ConfigurationChange(subject=Subject.OVERALL, deed=AuditAction.CHANGED, details=details)


@dataclass(frozen=True, slots=True)
class Stored:
    """What may be told of a provider's secrets."""

    key: str | None = None
    fingerprint: str = ""
    has_settings: bool = False

    @classmethod
    def of(cls, config: ProviderConfig | None, *, has_settings: bool) -> "Stored":
        if config is None or not config.has_key:
            return cls(has_settings=has_settings)
        last4 = config.api_key_last4
        return cls(f"...{last4}" if last4 else "stored", config.api_key_fingerprint, has_settings)


def key_changed(provider_id: str, before: Stored, after: Stored) -> ConfigurationChange | None:
    """The same key again is told too: it may stand for one that could not be decrypted."""
    action = _action_between(
        bool(before.key), bool(after.key), AuditAction.KEY_SET, AuditAction.KEY_REPLACED, AuditAction.KEY_REMOVED
    )
    details = [
        _detail("api_key", before.key, after.key),
        _detail("fingerprint", before.fingerprint or None, after.fingerprint or None),
    ]
    return _about_secrets(provider_id, action, details) if action else None


def settings_changed(provider_id: str, before: Stored, after: Stored) -> ConfigurationChange | None:
    had, has = before.has_settings, after.has_settings
    action = _action_between(
        had, has, AuditAction.SETTINGS_SET, AuditAction.SETTINGS_REPLACED, AuditAction.SETTINGS_REMOVED
    )
    return _about_secrets(provider_id, action) if action else None


def reencrypted(provider_id: str) -> ConfigurationChange:
    return _about_secrets(provider_id, AuditAction.REENCRYPTED)


# --- writing and reading -----------------------------------------------------
def record(*changes: ConfigurationChange | None) -> None:
    """Write them at once, or leave them to the action that gathers; a change of nothing is None and leaves no row."""
    rows = [change for change in changes if change is not None]
    gathered = _gathered.get()
    if gathered is not None:
        gathered.extend(rows)
    elif rows:
        _write(rows)


@contextmanager
def together(*, created_as: AuditAction = AuditAction.CREATED) -> Iterator[None]:
    """One insert for many actions; what they did to the same row becomes one change."""
    rows: list[ConfigurationChange] = []
    token = _gathered.set(rows)
    try:
        yield
    finally:
        _gathered.reset(token)
    merged = list(_merged(rows))
    for row in merged:
        if row.deed == AuditAction.CREATED:
            row.deed = created_as
    record(*merged)


def last_change(provider_id: str, *actions: AuditAction) -> ConfigurationChange | None:
    """The newest change of this provider, its models and secrets; of these kinds, where some are named."""
    own = ConfigurationChange.objects.of_provider(provider_id)
    return (own.filter(deed__in=actions) if actions else own).first()


def _write(rows: Sequence[ConfigurationChange]) -> None:
    actor = asker()
    for row in rows:
        row.actor_id, row.actor_name = actor.user_id, actor.name
        row.way, row.command = actor.way, actor.command
    ConfigurationChange.objects.bulk_create(rows)


def _merged(rows: Iterable[ConfigurationChange]) -> Iterator[ConfigurationChange]:
    first: dict[tuple[Any, ...], ConfigurationChange] = {}
    for row in rows:
        is_secret = row.subject == Subject.SECRETS
        known = first.setdefault((row.subject, row.provider, row.model_pk, row.deed if is_secret else ""), row)
        if known is not row:
            known.details = _joined(known.details, row.details)
            if known.deed not in (AuditAction.CREATED, AuditAction.DELETED):
                known.deed = _action_of(known.details)
    return (row for row in first.values() if row.details or row.subject == Subject.SECRETS)


def _joined(before: Iterable[dict[str, Any]], after: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    joined = {entry["field"]: entry for entry in before}
    for entry in after:
        known = joined.get(entry["field"], entry)
        joined[entry["field"]] = _detail(entry["field"], known["from"], entry["to"])
    return [entry for entry in joined.values() if entry["from"] != entry["to"] or entry["to"] == NOT_SHOWN]


def differences(before: Facts, after: Facts) -> list[dict[str, Any]]:
    """From and to of every field that is not as it was; a JSON object is told by its parts."""
    found = []
    for name, was in before.items():
        now = after[name]
        if was == now:
            continue
        if isinstance(was, dict) or isinstance(now, dict):
            found += [_detail(*part) for part in flat(name, was or {}, now or {})]
        else:
            found.append(_detail(name, was, now))
    return found


def _telling(row: Row) -> dict[str, Any]:
    """What its own name and the usual values do not say."""
    usual = {field.name: field.get_default() for field in row._meta.concrete_fields}
    return {
        name: value for name, value in facts(row).items() if name != "model_id" and value not in (None, [], usual[name])
    }


def _detail(field: str, before: Any, after: Any) -> dict[str, Any]:
    return {"field": field, "from": before, "to": after}


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.model_id
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _action_of(details: Sequence[Mapping[str, Any]]) -> AuditAction:
    fields = {entry["field"] for entry in details}
    if fields == {"enabled"}:
        return AuditAction.SWITCHED_ON if details[0]["to"] else AuditAction.SWITCHED_OFF
    if fields <= set(ORDERS):
        return AuditAction.REORDERED
    return AuditAction.MOVED if fields <= set(PLACES) else AuditAction.CHANGED


def _action_between(
    had: bool, has: bool, new: AuditAction, replaced: AuditAction, removed: AuditAction
) -> AuditAction | None:
    if has:
        return replaced if had else new
    return removed if had else None


def _about(row: Row, action: AuditAction, details: list[dict[str, Any]]) -> ConfigurationChange:
    if isinstance(row, Provider):
        return ConfigurationChange(subject=Subject.PROVIDER, provider=row.pk, deed=action, details=details)
    return ConfigurationChange(
        subject=Subject.MODEL,
        provider=row.provider_id,
        model_id=row.model_id,
        model_pk=row.pk,
        deed=action,
        details=details,
    )


def _about_secrets(
    provider_id: str, action: AuditAction, details: Sequence[dict[str, Any]] = ()
) -> ConfigurationChange:
    return ConfigurationChange(subject=Subject.SECRETS, provider=provider_id, deed=action, key_details=list(details))
