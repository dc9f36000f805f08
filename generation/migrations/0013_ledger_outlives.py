"""Calls outlive their batch and their item, whose keys they keep.

Nothing is rewritten. The way back deletes the calls whose batch or item is gone: the tables were without them before.
"""

import django.db.models.deletion
from django.db import migrations, models

ORPHANS = """
DELETE FROM attempts
WHERE NOT EXISTS (SELECT FROM items WHERE items.id = attempts.item_id)
   OR NOT EXISTS (SELECT FROM batches WHERE batches.id = attempts.batch_id)
"""


def outliving(to: str) -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to=to)


class Migration(migrations.Migration):
    dependencies = [("generation", "0012_cached_and_reasoning_tokens")]
    operations = [
        migrations.AlterField("attempt", "item", outliving("generation.item")),
        migrations.AlterField("attempt", "batch", outliving("generation.batch")),
        migrations.AddField(
            "attempt",
            "sample_type",
            models.CharField(blank=True, db_default="", default="", help_text="The item's.", max_length=40),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, ORPHANS),
    ]
