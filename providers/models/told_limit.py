"""The limits that vendors name by themselves."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from providers.models.model import Model
from providers.routing.limits.amounts import Unit
from providers.routing.limits.window import Window


class ToldLimit(models.Model):
    """What a model's vendor says that its limit is. Heard in calls, no part of the configuration: a person takes it
    over, or dismisses it until another amount is told."""

    model = models.ForeignKey(Model, on_delete=models.CASCADE, related_name="told_limits", db_index=False)
    unit = models.CharField(max_length=10)
    window_s = models.PositiveIntegerField()
    amount = models.PositiveIntegerField()
    told_by = models.CharField(max_length=7, help_text="headers or body")
    seen_at = models.DateTimeField(default=timezone.now, help_text="When it was first told so.")
    is_dismissed = models.BooleanField(default=False)

    class Meta:
        db_table = "told_limits"
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=1, window_s__gte=1), name="told_limits_positive"),
            models.UniqueConstraint(fields=["model", "unit", "window_s"], name="told_limits_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.amount:,} {Unit(self.unit).words} per {self.window.words}"

    @property
    def window(self) -> Window:
        return Window.of_length(self.window_s)
