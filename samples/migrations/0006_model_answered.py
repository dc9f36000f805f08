"""Which model made a sample, by the vendor's own word."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("samples", "0005_noted_index")]
    operations = [
        migrations.AddField(
            model_name="sample",
            name="model_answered",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Which model the vendor says that it was.",
                max_length=200,
            ),
        ),
    ]
