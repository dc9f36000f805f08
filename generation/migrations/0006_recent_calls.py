"""Indexes for what pages ask again and again: the calls of the last hour, of today, the moves of a batch."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("generation", "0005_attempt_call_id")]
    operations = [
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(
                fields=["started_at"],
                include=("provider", "batch", "outcome", "latency_ms", "cost"),
                name="attempts_time",
            ),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(
                condition=models.Q(("is_switch", True)), fields=["batch", "-id"], name="attempts_switches"
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(condition=models.Q(("retry_at__isnull", False)), fields=["batch"], name="items_retried"),
        ),
    ]
