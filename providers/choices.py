from django.db import models

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


WHEN_FULL = [
    (WhenFull.AUTO.value, "Automatic"),
    (WhenFull.STAY.value, "Wait for it"),
    (WhenFull.SPILL.value, "Use the next one"),
]
