"""Weights of a batch's mix, and types that want no scenario."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("generation", "0017_rejected_answers")]
    operations = [
        migrations.AddField(
            model_name="batch",
            name="weights",
            field=models.JSONField(
                blank=True,
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                help_text="How often words of the mix come beside each other, by field; absent is 1.",
            ),
        ),
        migrations.AlterField(
            model_name="item",
            name="scenario",
            field=models.CharField(blank=True, help_text="Empty where its type wants none.", max_length=40),
        ),
    ]
