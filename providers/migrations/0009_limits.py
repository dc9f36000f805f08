"""Limits of any unit and window, beyond the three that have columns."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

BUMP = (
    "CREATE TRIGGER limits_bump_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON limits "
    "FOR EACH STATEMENT EXECUTE FUNCTION bump_configuration_version();"
)


class Migration(migrations.Migration):
    dependencies = [
        ("providers", "0008_reroutes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="configurationchange",
            name="subject",
            field=models.CharField(
                choices=[
                    ("provider", "provider"),
                    ("model", "model"),
                    ("secrets", "secrets"),
                    ("overall", "this installation"),
                ],
                max_length=10,
                verbose_name="about",
            ),
        ),
        migrations.CreateModel(
            name="Limit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "scope",
                    models.CharField(
                        choices=[("installation", "installation"), ("account", "account"), ("model", "model")],
                        max_length=12,
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("requests", "requests"),
                            ("tokens", "tokens"),
                            ("input", "input"),
                            ("output", "output"),
                            ("uncached", "uncached"),
                            ("money", "money"),
                        ],
                        max_length=10,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=6, help_text="Money in US dollars.", max_digits=18)),
                (
                    "window_count",
                    models.PositiveIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1)]),
                ),
                (
                    "window_span",
                    models.CharField(
                        choices=[
                            ("second", "second"),
                            ("minute", "minute"),
                            ("hour", "hour"),
                            ("day", "day"),
                            ("week", "week"),
                            ("month", "month"),
                        ],
                        max_length=6,
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Where its periods of the calendar begin. Empty: it slides.",
                        max_length=50,
                    ),
                ),
                (
                    "model",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="limits",
                        to="providers.model",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="limits",
                        to="providers.provider",
                    ),
                ),
            ],
            options={
                "db_table": "limits",
                "ordering": ["pk"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("model__isnull", True),
                                ("provider__isnull", False),
                                ("scope__in", ["account", "model"]),
                            ),
                            models.Q(("model__isnull", False), ("provider__isnull", True), ("scope", "model")),
                            models.Q(("model__isnull", True), ("provider__isnull", True), ("scope", "installation")),
                            _connector="OR",
                        ),
                        name="limits_owner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0), ("window_count__gte", 1)), name="limits_positive"
                    ),
                    models.UniqueConstraint(
                        fields=("provider", "model", "scope", "unit", "window_count", "window_span", "time_zone"),
                        name="limits_unique",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.RunSQL(BUMP, "DROP TRIGGER limits_bump_version ON limits;"),
    ]
