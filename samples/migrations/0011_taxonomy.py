"""The taxonomy as rows that people edit, and editions of it as they were when something was ordered.

Whoever writes, a new mark says that something changed.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

TABLES = ("jurisdictions", "difficulties", "sample_types", "topics")
MARK = """
CREATE FUNCTION mark_taxonomy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO taxonomy_mark (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET mark = gen_random_uuid();
    RETURN NULL;
END
$$;
"""


def trigger(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_mark AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION mark_taxonomy();",
        f"DROP TRIGGER {table}_mark ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("samples", "0010_words_without_choices"),
    ]

    operations = [
        migrations.CreateModel(
            name="Difficulty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=500),
                        blank=True,
                        default=list,
                        help_text="Other names by which orders and filters find it, one on a line.",
                        size=None,
                    ),
                ),
                (
                    "enabled",
                    models.BooleanField(
                        default=True, help_text="What is off is not ordered any more. Samples of it stay."
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "word",
                    models.CharField(
                        help_text="What orders and samples call it, such as basic. It stays once a sample has it.",
                        max_length=20,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9_-]*\\Z",
                                "Use small letters, digits, hyphens and underscores, such as england_wales.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(
                            blank=True, null=True, validators=[django.core.validators.MaxValueValidator(100000)]
                        ),
                        help_text="Words of an answer, where its type does not say otherwise.",
                        size=2,
                    ),
                ),
                (
                    "citations",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(
                            blank=True, null=True, validators=[django.core.validators.MaxValueValidator(100000)]
                        ),
                        help_text="Authorities of a sample, where its type does not say otherwise.",
                        size=2,
                    ),
                ),
                (
                    "reasoning_steps",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(
                            blank=True, null=True, validators=[django.core.validators.MaxValueValidator(100000)]
                        ),
                        help_text="Steps of the reasoning, of types that have steps.",
                        size=2,
                    ),
                ),
                (
                    "complexity",
                    models.CharField(
                        help_text="What the prompt asks for, such as: multi-factor analysis, moderate complexity.",
                        max_length=500,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "difficulties",
                "db_table": "difficulties",
                "ordering": ["position", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("key", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("content", models.JSONField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "db_table": "taxonomy_editions",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SampleType",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=500),
                        blank=True,
                        default=list,
                        help_text="Other names by which orders and filters find it, one on a line.",
                        size=None,
                    ),
                ),
                (
                    "enabled",
                    models.BooleanField(
                        default=True, help_text="What is off is not ordered any more. Samples of it stay."
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "word",
                    models.CharField(
                        help_text="What orders and samples call it, such as case_analysis. It stays once a sample has it.",
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9_-]*\\Z",
                                "Use small letters, digits, hyphens and underscores, such as england_wales.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "focus",
                    models.CharField(help_text="What it is for, such as: understanding legislation.", max_length=500),
                ),
                (
                    "sections",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=500),
                        blank=True,
                        default=list,
                        help_text="The headings of an answer, one on a line. None: prose without headings.",
                        size=None,
                    ),
                ),
                (
                    "has_reasoning_steps",
                    models.BooleanField(
                        default=True, help_text="Whether the reasoning is a list of numbered steps, or a few sentences."
                    ),
                ),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(
                            blank=True, null=True, validators=[django.core.validators.MaxValueValidator(100000)]
                        ),
                        blank=True,
                        help_text="Words of an answer. Empty: as the difficulty has it.",
                        null=True,
                        size=2,
                    ),
                ),
                (
                    "citations",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(
                            blank=True, null=True, validators=[django.core.validators.MaxValueValidator(100000)]
                        ),
                        blank=True,
                        help_text="Authorities of a sample. Empty: as the difficulty has it.",
                        null=True,
                        size=2,
                    ),
                ),
                (
                    "wants_scenario",
                    models.BooleanField(default=True, help_text="Whether the question tells a case with parties."),
                ),
                (
                    "wants_date",
                    models.BooleanField(
                        default=False, help_text="Whether it is about something that happened on a day."
                    ),
                ),
                (
                    "guidance",
                    models.TextField(
                        blank=True, help_text="What is particular about it, in sentences, as the prompt tells them."
                    ),
                ),
            ],
            options={
                "db_table": "sample_types",
                "ordering": ["position", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Jurisdiction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=500),
                        blank=True,
                        default=list,
                        help_text="Other names by which orders and filters find it, one on a line.",
                        size=None,
                    ),
                ),
                (
                    "enabled",
                    models.BooleanField(
                        default=True, help_text="What is off is not ordered any more. Samples of it stay."
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "word",
                    models.CharField(
                        help_text="What orders and samples call it, such as scotland. It stays once a sample has it.",
                        max_length=30,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9_-]*\\Z",
                                "Use small letters, digits, hyphens and underscores, such as england_wales.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("legal_system", models.CharField(help_text="Such as: common law.", max_length=500)),
                ("courts", models.CharField(blank=True, help_text="Its courts, the highest first.", max_length=500)),
                (
                    "citations",
                    models.CharField(blank=True, help_text="What is cited: cases, statutes, treaties.", max_length=500),
                ),
                (
                    "citation_style",
                    models.CharField(blank=True, help_text="Such as OSCOLA or Bluebook.", max_length=200),
                ),
                (
                    "citation_examples",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=500),
                        blank=True,
                        default=list,
                        help_text="Real authorities as its style has them, one on a line. Two are enough.",
                        size=None,
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        default="en-GB",
                        help_text="A tag such as en-GB.",
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\\Z", "Give a language tag, such as en-GB."
                            )
                        ],
                    ),
                ),
                (
                    "terms",
                    models.CharField(
                        blank=True,
                        help_text="What its lawyers say, such as: pursuer and defender, delict.",
                        max_length=500,
                    ),
                ),
                (
                    "part_of",
                    models.ForeignKey(
                        blank=True,
                        db_column="part_of",
                        help_text="The jurisdiction of which this is a part, as Scotland is of the United Kingdom.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="samples.jurisdiction",
                        to_field="word",
                    ),
                ),
            ],
            options={
                "db_table": "jurisdictions",
                "ordering": ["position", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TaxonomyMark",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("mark", models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False)),
            ],
            options={
                "db_table": "taxonomy_mark",
                "default_permissions": (),
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="taxonomy_mark_one_row")],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=500),
                        blank=True,
                        default=list,
                        help_text="Other names by which orders and filters find it, one on a line.",
                        size=None,
                    ),
                ),
                (
                    "enabled",
                    models.BooleanField(
                        default=True, help_text="What is off is not ordered any more. Samples of it stay."
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "word",
                    models.CharField(
                        help_text="What orders and samples call it, such as Formation of Contracts. It stays once a sample has it.",
                        max_length=200,
                        unique=True,
                        verbose_name="topic",
                    ),
                ),
                ("practice_area", models.CharField(help_text="Such as Contract Law.", max_length=100)),
                (
                    "only_in",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=500),
                        blank=True,
                        default=list,
                        help_text="The parts of its jurisdiction that know it, one on a line. Empty: all of them.",
                        size=None,
                    ),
                ),
                (
                    "local_names",
                    models.JSONField(blank=True, default=list, help_text="What parts of its jurisdiction call it."),
                ),
                (
                    "sub_issues",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=500),
                        blank=True,
                        default=list,
                        help_text="What a question may turn on, one on a line.",
                        size=None,
                    ),
                ),
                (
                    "difficulty",
                    models.ForeignKey(
                        db_column="difficulty",
                        help_text="The usual one, where an order names none.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topics",
                        to="samples.difficulty",
                        to_field="word",
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        db_column="jurisdiction",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topics",
                        to="samples.jurisdiction",
                        to_field="word",
                    ),
                ),
            ],
            options={
                "db_table": "topics",
                "ordering": ["position", "id"],
                "abstract": False,
            },
        ),
        migrations.RunSQL(MARK, "DROP FUNCTION mark_taxonomy();"),
        *(trigger(table) for table in TABLES),
    ]
