"""By what duplicates of samples are found."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("samples", "0012_seed_taxonomy"),
    ]

    operations = [
        migrations.CreateModel(
            name="Band",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key", "sample_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.BigIntegerField()),
                (
                    "sample",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="samples.sample",
                    ),
                ),
            ],
            options={
                "db_table": "sample_bands",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                (
                    "sample",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="signature",
                        serialize=False,
                        to="samples.sample",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(help_text="Of the algorithm that made it.")),
                ("signature", models.BinaryField()),
            ],
            options={
                "db_table": "sample_signatures",
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="sample",
            name="duplicate_of",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                help_text="The sample that this one repeats, but for names, numbers and some words at most.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="duplicates",
                to="samples.sample",
            ),
        ),
        migrations.AddField(
            model_name="sample",
            name="text_hash",
            field=models.UUIDField(
                editable=False,
                help_text="Of question and answer; empty until somebody has looked for duplicates.",
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="sample",
            index=models.Index(
                condition=models.Q(("duplicate_of__isnull", False)),
                fields=["duplicate_of"],
                name="samples_duplicates",
            ),
        ),
        migrations.AddIndex(
            model_name="sample",
            index=models.Index(
                condition=models.Q(("duplicate_of__isnull", False)), fields=["-id"], name="samples_repeating"
            ),
        ),
        migrations.AddIndex(
            model_name="sample",
            index=models.Index(condition=models.Q(("text_hash__isnull", True)), fields=["id"], name="samples_unmarked"),
        ),
        migrations.AddConstraint(
            model_name="sample",
            constraint=models.UniqueConstraint(
                condition=models.Q(("duplicate_of__isnull", True), ("text_hash__isnull", False)),
                fields=("text_hash",),
                name="samples_text_unique",
            ),
        ),
        migrations.AddIndex(
            model_name="signature",
            index=models.Index(fields=["version"], name="sample_signatures_version"),
        ),
    ]
