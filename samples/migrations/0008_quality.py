"""What rules of quality say of a sample: its score with its parts, what they hold against it; and its as-at date."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("samples", "0007_parts_of_the_uk")]
    operations = [
        migrations.AddField(
            model_name="sample",
            name="as_at",
            field=models.DateField(blank=True, help_text="The law is that of this day. Empty: not told.", null=True),
        ),
        migrations.AddField(
            model_name="sample",
            name="score",
            field=models.FloatField(
                blank=True,
                help_text="How far it is what was asked for, 0 to 1. Empty: not checked yet.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="sample",
            name="score_parts",
            field=models.JSONField(blank=True, help_text="What the score is made of, each from 0 to 1.", null=True),
        ),
        migrations.AddField(
            model_name="sample",
            name="findings",
            field=models.JSONField(blank=True, help_text="What rules of quality hold against it.", null=True),
        ),
    ]
