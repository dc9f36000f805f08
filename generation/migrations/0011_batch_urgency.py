"""How urgent a batch is. What was ordered before is normal."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("generation", "0010_lane_waiting")]
    operations = [
        migrations.AddField(
            model_name="batch",
            name="urgency",
            field=models.SmallIntegerField(
                choices=[(0, "Low"), (1, "Normal"), (2, "Urgent")],
                db_default=1,
                default=1,
                help_text="Where batches wait for the same limit, the more urgent one goes first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(("urgency__in", (0, 1, 2))), name="batches_urgency_known"
            ),
        ),
    ]
