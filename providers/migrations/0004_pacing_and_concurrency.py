"""How calls to a provider are spread, and how many may be out at once."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("providers", "0003_configuration_version")]
    operations = [
        migrations.AddField(
            model_name="provider",
            name="pacing",
            field=models.CharField(
                choices=[("window", "as the window allows"), ("smooth", "evenly spread")],
                default="window",
                db_default="window",
                error_messages={"invalid_choice": "Choose one of: window, smooth."},
                help_text="Evenly spread is for vendors that enforce their limits by the second.",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="provider",
            name="max_concurrency",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="A ceiling of calls at once, over all workers. Below it legalds finds out how many the vendor bears. Empty: no limit.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1, "Give at least 1, or leave it empty for no limit.")
                ],
            ),
        ),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.CheckConstraint(
                condition=models.Q(("max_concurrency__isnull", True), ("max_concurrency__gte", 1), _connector="OR"),
                name="providers_max_concurrency_positive",
                violation_error_message="max_concurrency must be at least 1, or empty for no limit.",
            ),
        ),
    ]
