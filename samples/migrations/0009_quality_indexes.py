"""Samples are found by their score, and by the rules that they break."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("samples", "0008_quality")]
    operations = [
        migrations.AddIndex(model_name="sample", index=models.Index(fields=["score"], name="samples_score")),
        migrations.AddIndex(
            model_name="sample",
            index=models.Index(condition=models.Q(("findings__isnull", False)), fields=["-id"], name="samples_found"),
        ),
        migrations.AddIndex(
            model_name="sample",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("findings__isnull", False)),
                fields=["findings"],
                name="samples_findings",
                opclasses=["jsonb_path_ops"],
            ),
        ),
    ]
