"""What samples cite, and the authorities that are known to exist."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("samples", "0014_forget_deleted"),
    ]

    operations = [
        migrations.CreateModel(
            name="Authority",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=300)),
                ("reference", models.CharField(max_length=500)),
                ("name", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "verbose_name_plural": "authorities",
                "db_table": "authorities",
                "indexes": [models.Index(fields=["reference"], name="authorities_reference")],
                "constraints": [models.UniqueConstraint(fields=("key", "reference"), name="authorities_key")],
            },
        ),
        migrations.CreateModel(
            name="SampleCitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "place",
                    models.PositiveSmallIntegerField(
                        help_text="Its place in the sample: the list first, then the text."
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("uk_neutral", "uk_neutral"),
                            ("uk_report", "uk_report"),
                            ("uk_act", "uk_act"),
                            ("uk_si", "uk_si"),
                            ("uk_rules", "uk_rules"),
                            ("us_case", "us_case"),
                            ("us_statute", "us_statute"),
                            ("eu_case", "eu_case"),
                            ("eu_act", "eu_act"),
                            ("eu_treaty", "eu_treaty"),
                            ("int_case", "int_case"),
                            ("int_treaty", "int_treaty"),
                            ("int_resolution", "int_resolution"),
                            ("other_case", "other_case"),
                            ("unknown", "unknown"),
                        ],
                        max_length=20,
                    ),
                ),
                ("key", models.CharField(max_length=300)),
                (
                    "source",
                    models.CharField(blank=True, help_text="Court, series, code, act or treaty.", max_length=500),
                ),
                ("court", models.CharField(blank=True, max_length=500)),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("volume", models.CharField(blank=True, max_length=20)),
                ("number", models.CharField(blank=True, max_length=100)),
                ("pinpoint", models.CharField(blank=True, max_length=500)),
                ("parties", models.CharField(blank=True, max_length=500)),
                ("raw", models.CharField(max_length=500)),
                ("is_parallel", models.BooleanField(default=False, help_text="Another report of the case before it.")),
                (
                    "is_listed",
                    models.BooleanField(default=True, help_text="Whether case_citation has it, or the text alone."),
                ),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("uncompared", "uncompared"),
                            ("known", "known"),
                            ("unknown", "unknown"),
                            ("other_name", "other_name"),
                        ],
                        default="uncompared",
                        help_text="Whether the authorities that were imported have it.",
                        max_length=12,
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="citations",
                        to="samples.sample",
                    ),
                ),
            ],
            options={
                "db_table": "sample_citations",
                "ordering": ["sample_id", "place"],
                "indexes": [
                    models.Index(fields=["key", "sample"], name="sample_citations_key"),
                    models.Index(
                        condition=models.Q(("standing", "other_name")),
                        fields=["sample"],
                        name="sample_citations_other_name",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("sample", "place"), name="sample_citations_place")],
            },
        ),
    ]
