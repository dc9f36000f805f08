"""A limit beyond those that have columns of their own."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from providers.models.model import Model
from providers.models.provider import Provider
from providers.querysets import LimitQuerySet
from providers.routing.config import LimitEntry, LimitScope
from providers.routing.limits.amounts import Unit, millionths
from providers.routing.limits.window import Span, Window

PLACES = 6  # money is counted in millionths
_of_provider = Q(
    provider__isnull=False, model__isnull=True, scope__in=[LimitScope.ACCOUNT.value, LimitScope.MODEL.value]
)
_of_model = Q(provider__isnull=True, model__isnull=False, scope=LimitScope.MODEL.value)
_of_installation = Q(provider__isnull=True, model__isnull=True, scope=LimitScope.INSTALLATION.value)


def _choices(names: type[LimitScope] | type[Unit] | type[Span]) -> list[tuple[str, str]]:
    return [(each.value, each.value) for each in names]


class Limit(models.Model):
    """At most so much in any window. Of a provider it holds for the account or for each model by itself, of a model for
    it alone; one of neither holds for all that this installation calls."""

    provider = models.ForeignKey(Provider, null=True, blank=True, on_delete=models.CASCADE, related_name="limits")
    model = models.ForeignKey(Model, null=True, blank=True, on_delete=models.CASCADE, related_name="limits")
    scope = models.CharField(max_length=12, choices=_choices(LimitScope))
    unit = models.CharField(max_length=10, choices=_choices(Unit))
    amount = models.DecimalField(max_digits=18, decimal_places=PLACES, help_text="Money in US dollars.")
    window_count = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    window_span = models.CharField(max_length=6, choices=_choices(Span))
    time_zone = models.CharField(
        max_length=50, blank=True, default="", help_text="Where its periods of the calendar begin. Empty: it slides."
    )

    objects = models.Manager.from_queryset(LimitQuerySet)()

    class Meta:
        db_table = "limits"
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=_of_provider | _of_model | _of_installation, name="limits_owner"),
            models.CheckConstraint(condition=Q(amount__gt=0, window_count__gte=1), name="limits_positive"),
            models.UniqueConstraint(
                fields=["provider", "model", "scope", "unit", "window_count", "window_span", "time_zone"],
                name="limits_unique",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return self.entry.words

    @property
    def entry(self) -> LimitEntry:
        window = Window(self.window_count, Span(self.window_span), self.time_zone)
        unit = Unit(self.unit)
        amount = millionths(self.amount) if unit is Unit.MONEY else int(self.amount)
        return LimitEntry(LimitScope(self.scope), unit, amount, window)
