"""Which rules an answer broke, whether it was its model's first for the item, and which items were replaced."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("generation", "0016_count_unpriced")]
    operations = [
        migrations.AddField(
            model_name="attempt",
            name="rules",
            field=models.JSONField(
                blank=True,
                help_text="The rules of quality that the answer broke, each with what it found.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="is_first_answer",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="This model had answered nothing for the item since it was claimed.",
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="replaced_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When it was planned anew, since the answers for what it was were rejected.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="replaced",
            field=models.PositiveIntegerField(
                db_default=0, default=0, help_text="Items that were planned anew after rejected answers, once each."
            ),
        ),
    ]
