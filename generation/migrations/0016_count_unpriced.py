"""Counts the calls of the batches that there are."""

from django.db import migrations

COUNT = """
UPDATE batches SET unpriced = counted.calls
FROM (SELECT batch_id, count(*) AS calls FROM attempts WHERE cost IS NULL GROUP BY batch_id) AS counted
WHERE counted.batch_id = batches.id
"""


class Migration(migrations.Migration):
    dependencies = [("generation", "0015_batch_unpriced")]
    operations = [migrations.RunSQL(COUNT, migrations.RunSQL.noop)]
