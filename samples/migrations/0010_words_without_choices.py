"""Which words samples may hold is said by the taxonomy's rows. Nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("samples", "0009_quality_indexes")]
    operations = [
        migrations.AlterField(
            model_name="sample",
            name="difficulty",
            field=models.CharField(max_length=20),
        ),
        migrations.AlterField(
            model_name="sample",
            name="jurisdiction",
            field=models.CharField(max_length=30),
        ),
        migrations.AlterField(
            model_name="sample",
            name="sample_type",
            field=models.CharField(max_length=40),
        ),
    ]
