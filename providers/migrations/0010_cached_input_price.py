"""What the tokens of a prompt cost that the vendor had kept."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("providers", "0009_limits")]
    operations = [
        migrations.AddField(
            model_name="model",
            name="cached_input_price",
            field=models.DecimalField(
                blank=True,
                decimal_places=6,
                help_text="Per million tokens of prompt that the vendor had kept. Empty: as the input price.",
                max_digits=12,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
            ),
        ),
        migrations.AddConstraint(
            model_name="model",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cached_input_price__isnull", True), ("cached_input_price__gte", 0), _connector="OR"
                ),
                name="models_cached_price_not_negative",
            ),
        ),
    ]
