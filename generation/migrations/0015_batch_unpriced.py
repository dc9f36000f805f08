"""How many of a batch's calls have no known cost, counted as they are saved."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("generation", "0014_newest_sample_types")]
    operations = [
        migrations.AddField(
            model_name="batch",
            name="unpriced",
            field=models.PositiveIntegerField(
                db_default=0, default=0, help_text="Calls whose cost is not known, of its attempts."
            ),
        ),
    ]
