"""The address with which a provider's secrets were removed, so that the person who misses them learns why."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("providers", "0004_pacing_and_concurrency")]
    operations = [
        migrations.AddField(
            model_name="providerconfig",
            name="removed_with",
            field=models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=500, serialize=False
            ),
        ),
    ]
