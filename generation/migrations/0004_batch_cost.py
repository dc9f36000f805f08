"""Batches that ran before their cost was counted get the sum of their calls, as the counter would have it."""

from django.db import migrations

SUM_UP = """
UPDATE batches SET cost = sums.cost
FROM (SELECT batch_id, sum(cost) AS cost FROM attempts WHERE cost IS NOT NULL GROUP BY batch_id) AS sums
WHERE sums.batch_id = batches.id;
"""


class Migration(migrations.Migration):
    dependencies = [("generation", "0003_batch_settings")]
    operations = [migrations.RunSQL(SUM_UP, migrations.RunSQL.noop)]
