"""Who did what a page did not know of yet."""

from typing import Literal

from django.db.models import Q, QuerySet

from providers.choices import AuditAction, Subject
from providers.models import ConfigurationChange, Model, Provider

What = Literal["order", "enabled", "champion", "fields"]
ACTIONS = {
    "order": (AuditAction.MOVED, AuditAction.REORDERED, AuditAction.CREATED, AuditAction.DELETED),
    "enabled": (AuditAction.SWITCHED_ON, AuditAction.SWITCHED_OFF, AuditAction.CHANGED),
    "champion": (AuditAction.CHANGED,),
    "fields": (AuditAction.SWITCHED_ON, AuditAction.SWITCHED_OFF, AuditAction.CHANGED),
}


def who_changed(row: Provider | Model, what: What, *, own: int = 0) -> str:
    """Begins a sentence. ``own`` is how many of the newest changes are this request's own, to be passed over."""
    return _name_of(_changes(row, what).filter(deed__in=ACTIONS[what])[own : own + 1].first())


def who_changed_overall() -> str:
    """The limits of the installation."""
    return _name_of(ConfigurationChange.objects.filter(subject=Subject.OVERALL).first())


def _name_of(change: ConfigurationChange | None) -> str:
    if change is None:
        return "Somebody"
    return change.actor_name or (f"manage.py {change.command}" if change.command else "Somebody")


def _changes(row: Provider | Model, what: What) -> QuerySet[ConfigurationChange]:
    changes = ConfigurationChange.objects.all()
    if isinstance(row, Provider):
        of_providers = changes.filter(subject=Subject.PROVIDER)
        # A list put in another order at once names whose list it was: nobody's for that of the providers.
        others = Q(deed=AuditAction.REORDERED) & ~Q(provider="")
        return of_providers.exclude(others) if what == "order" else of_providers.filter(provider=row.pk)
    match what:
        case "order":
            return changes.of_provider(row.provider_id).filter(Q(subject=Subject.MODEL) | Q(deed=AuditAction.REORDERED))
        case "champion":
            return changes.of_provider(row.provider_id).filter(subject=Subject.PROVIDER)
    return changes.of_model(row.pk)
