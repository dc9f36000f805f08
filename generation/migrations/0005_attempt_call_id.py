"""A call's own id in the ledger. The default gives each attempt that exists already one of its own."""

from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("generation", "0004_batch_cost")]

    operations = [
        migrations.AddField(
            model_name="attempt",
            name="call_id",
            field=models.UUIDField(db_default=RandomUUID(), editable=False, unique=True),
        ),
    ]
