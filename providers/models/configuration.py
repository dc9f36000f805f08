"""How often, by whom and how the configuration was changed."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from providers.choices import AuditAction, Subject, Way
from providers.querysets import ChangeQuerySet


class ConfigurationVersion(models.Model):
    """One row. Its number grows with every change of that configuration, by triggers, so whoever writes."""

    SINGLETON = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=SINGLETON)
    version = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "configuration_version"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="configuration_version_one_row")]

    def __str__(self) -> str:
        return str(self.version)


class ConfigurationChange(models.Model):
    """Who did what to the configuration, when and by which way. Append-only, by a trigger; never a secret.

    What it is about stands here as text, so that the row outlives provider, model and user. Its details are lists of
    ``{"field", "from", "to"}``.
    """

    at = models.DateTimeField("when", auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    actor_name = models.CharField("who", max_length=150, blank=True)
    way = models.CharField(max_length=10, choices=Way)
    command = models.CharField(max_length=100, blank=True)
    subject = models.CharField("about", max_length=10, choices=Subject)
    provider = models.CharField(max_length=50, blank=True)
    model_id = models.CharField("model", max_length=200, blank=True)
    model_pk = models.BigIntegerField(null=True, blank=True)
    deed = models.CharField("what", max_length=20, choices=AuditAction)
    details = models.JSONField(default=list)
    # Last four and fingerprint of keys. They stay out of dumps, as those of the stored key do.
    key_details = models.JSONField(default=list, editable=False, serialize=False)

    objects = models.Manager.from_queryset(ChangeQuerySet)()

    class Meta:
        db_table = "configuration_changes"
        ordering = ["-id"]
        default_permissions = ("view",)
        verbose_name = "change"
        indexes = [
            models.Index(fields=["provider", "-id"], name="changes_of_provider"),
            models.Index(fields=["model_pk", "-id"], name="changes_of_model"),
            models.Index(fields=["at"], name="changes_by_time"),
        ]

    def __str__(self) -> str:
        about = "/".join(part for part in (self.provider, self.model_id) if part) or "providers"
        return f"{about}: {self.get_deed_display()}"

    @property
    def parts(self) -> list[dict[str, Any]]:
        """All details, those of a key first."""
        return [*self.key_details, *self.details]
