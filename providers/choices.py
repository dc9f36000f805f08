"""The values that columns may hold, with their labels."""

from django.db import models

from providers.routing.limits.urgency import Urgency
from providers.routing.policy import WhenFull


class Adapter(models.TextChoices):
    """Which client speaks to the vendor: one file in ``providers/llm`` each."""

    OPENAI = "openai", "OpenAI-compatible"
    MISTRAL = "mistral", "Mistral AI"


class LimitsScope(models.TextChoices):
    """Whether a provider's limits are shared by its models or hold for each of them."""

    ACCOUNT = "account", "shared by all its models"
    MODEL = "model", "each model has its own"


class Pacing(models.TextChoices):
    """How calls are spread over the time that a limit is counted in."""

    WINDOW = "window", "as the window allows"
    SMOOTH = "smooth", "evenly spread"


class BreakerState(models.TextChoices):
    """Whether calls pass: all, none, or one to see whether it works again."""

    CLOSED = "closed", "closed"
    OPEN = "open", "open"
    HALF_OPEN = "half_open", "half-open"


class KeyState(models.TextChoices):
    """What can be said of a stored key without showing it."""

    MISSING = "missing", "no key"
    STORED = "stored", "key stored"
    UNREADABLE = "unreadable", "needs a new key"


class Subject(models.TextChoices):
    """What a change of the configuration is about."""

    PROVIDER = "provider", "provider"
    MODEL = "model", "model"
    SECRETS = "secrets", "secrets"
    OVERALL = "overall", "this installation"


class AuditAction(models.TextChoices):
    """What was done to the configuration; the column and the API call it ``deed``."""

    CREATED = "created", "created"
    SEEDED = "seeded", "seeded from the catalogue"
    CHANGED = "changed", "changed"
    MOVED = "moved", "moved"
    REORDERED = "reordered", "put in another order"
    SWITCHED_ON = "switched_on", "switched on"
    SWITCHED_OFF = "switched_off", "switched off"
    DELETED = "deleted", "deleted"
    KEY_SET = "key_set", "key set"
    KEY_REPLACED = "key_replaced", "key replaced"
    KEY_REMOVED = "key_removed", "key removed"
    SETTINGS_SET = "settings_set", "secret settings set"
    SETTINGS_REPLACED = "settings_replaced", "secret settings replaced"
    SETTINGS_REMOVED = "settings_removed", "secret settings removed"
    REENCRYPTED = "reencrypted", "secrets encrypted anew"
    LEARNT = "learnt", "learnt from the vendor"


class Way(models.TextChoices):
    """By which door a change came in."""

    ADMIN = "admin", "admin"
    API = "api", "API"
    COMMAND = "command", "command"
    CODE = "code", "Python code"


WHEN_FULL = [
    (WhenFull.AUTO.value, "Automatic"),
    (WhenFull.STAY.value, "Wait for it"),
    (WhenFull.SPILL.value, "Use the next one"),
]
URGENCY = [(urgency.value, urgency.word.capitalize()) for urgency in Urgency]
URGENCY_WORDS = [(urgency.word, urgency.word.capitalize()) for urgency in Urgency]
