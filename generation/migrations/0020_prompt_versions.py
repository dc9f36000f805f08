"""Versions of the prompts' wording, and which one a batch was ordered with. Batches of before have none.

A version's row is never changed: only a user who is deleted is let go of, which takes the reference and leaves the name.
"""

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

APPEND_ONLY = """
CREATE FUNCTION refuse_changing_a_prompt_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.created_by_id IS NULL AND to_jsonb(NEW) - 'created_by_id' = to_jsonb(OLD) - 'created_by_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'prompt_versions is append-only: make a new version instead'
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER prompt_versions_append_only BEFORE UPDATE ON prompt_versions
    FOR EACH ROW EXECUTE FUNCTION refuse_changing_a_prompt_version();
"""
ANYTHING_GOES = """
DROP TRIGGER prompt_versions_append_only ON prompt_versions;
DROP FUNCTION refuse_changing_a_prompt_version();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("generation", "0019_batch_edition"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PromptVersion",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("content", models.JSONField()),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("note", models.TextField(blank=True, help_text="What is different, and why.")),
                ("is_built_in", models.BooleanField(default=False, help_text="The wording that came with a release.")),
                ("created_by_name", models.CharField(blank=True, max_length=150)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="generation.promptversion",
                    ),
                ),
            ],
            options={
                "db_table": "prompt_versions",
                "ordering": ["-number"],
                "default_permissions": ("add", "change", "view"),
            },
        ),
        migrations.CreateModel(
            name="PromptChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("is_automatic", models.BooleanField(default=False)),
                ("chosen_by_name", models.CharField(blank=True, max_length=150)),
                (
                    "chosen_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="choices",
                        to="generation.promptversion",
                    ),
                ),
            ],
            options={
                "db_table": "prompt_choices",
                "ordering": ["-id"],
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="batch",
            name="prompt_version",
            field=models.ForeignKey(
                blank=True,
                help_text="In whose words its items are asked for. Empty, of older batches: the release's own.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="batches",
                to="generation.promptversion",
            ),
        ),
        migrations.CreateModel(
            name="PromptTrial",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("spec", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("messages", models.JSONField()),
                ("provider", models.CharField(max_length=50)),
                ("model", models.CharField(max_length=200)),
                ("model_answered", models.CharField(blank=True, default="", max_length=200)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("ok", "OK"),
                            ("auth", "Auth"),
                            ("billing", "Billing"),
                            ("forbidden", "Forbidden"),
                            ("not_found", "Not found"),
                            ("rate_limited", "Rate limited"),
                            ("timeout", "Timeout"),
                            ("connection", "Connection"),
                            ("server", "Server"),
                            ("bad_request", "Bad request"),
                            ("context_length", "Context length"),
                            ("content_refused", "Content refused"),
                            ("bad_output", "Bad output"),
                        ],
                        max_length=20,
                    ),
                ),
                ("status_code", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("detail", models.TextField(blank=True, help_text="What went wrong, in words.")),
                ("answer", models.TextField(blank=True, help_text="As the model wrote it.")),
                ("is_cut_off", models.BooleanField(default=False)),
                ("findings", models.JSONField(default=list)),
                ("prompt_tokens", models.PositiveIntegerField(default=0)),
                ("completion_tokens", models.PositiveIntegerField(default=0)),
                ("cached_tokens", models.PositiveIntegerField(default=0)),
                ("reasoning_tokens", models.PositiveIntegerField(default=0)),
                ("cost", models.DecimalField(blank=True, decimal_places=8, max_digits=14, null=True)),
                ("latency_ms", models.PositiveIntegerField(default=0)),
                ("started_at", models.DateTimeField()),
                ("created_by_name", models.CharField(blank=True, max_length=150)),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trials",
                        to="generation.promptversion",
                    ),
                ),
            ],
            options={
                "db_table": "prompt_trials",
                "ordering": ["-id"],
                "default_permissions": (),
                "indexes": [models.Index(fields=["version", "-id"], name="prompt_trials_version")],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, ANYTHING_GOES),
    ]
