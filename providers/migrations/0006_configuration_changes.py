"""The trail of who did what to the configuration. Append-only: a row is neither changed nor deleted, whoever asks.

Only a user who is deleted is let go of, which takes the reference and leaves the name.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

APPEND_ONLY = """
CREATE FUNCTION refuse_changing_the_trail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.actor_id IS NULL AND to_jsonb(NEW) - 'actor_id' = to_jsonb(OLD) - 'actor_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'configuration_changes is append-only: its rows are neither changed nor deleted'
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER configuration_changes_append_only BEFORE UPDATE OR DELETE ON configuration_changes
    FOR EACH ROW EXECUTE FUNCTION refuse_changing_the_trail();
"""
ANYTHING_GOES = """
DROP TRIGGER configuration_changes_append_only ON configuration_changes;
DROP FUNCTION refuse_changing_the_trail();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("providers", "0005_secrets_removed_with_address"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ConfigurationChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="when")),
                ("actor_name", models.CharField(blank=True, max_length=150, verbose_name="who")),
                (
                    "way",
                    models.CharField(
                        choices=[("admin", "admin"), ("api", "API"), ("command", "command"), ("code", "Python code")],
                        max_length=10,
                    ),
                ),
                ("command", models.CharField(blank=True, max_length=100)),
                (
                    "subject",
                    models.CharField(
                        choices=[("provider", "provider"), ("model", "model"), ("secrets", "secrets")],
                        max_length=10,
                        verbose_name="about",
                    ),
                ),
                ("provider", models.CharField(blank=True, max_length=50)),
                ("model_id", models.CharField(blank=True, max_length=200, verbose_name="model")),
                ("model_pk", models.BigIntegerField(blank=True, null=True)),
                (
                    "deed",
                    models.CharField(
                        choices=[
                            ("created", "created"),
                            ("seeded", "seeded from the catalogue"),
                            ("changed", "changed"),
                            ("moved", "moved"),
                            ("reordered", "put in another order"),
                            ("switched_on", "switched on"),
                            ("switched_off", "switched off"),
                            ("deleted", "deleted"),
                            ("key_set", "key set"),
                            ("key_replaced", "key replaced"),
                            ("key_removed", "key removed"),
                            ("settings_set", "secret settings set"),
                            ("settings_replaced", "secret settings replaced"),
                            ("settings_removed", "secret settings removed"),
                            ("reencrypted", "secrets encrypted anew"),
                        ],
                        max_length=20,
                        verbose_name="what",
                    ),
                ),
                ("details", models.JSONField(default=list)),
                ("key_details", models.JSONField(default=list, editable=False, serialize=False)),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "change",
                "db_table": "configuration_changes",
                "ordering": ["-id"],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["provider", "-id"], name="changes_of_provider"),
                    models.Index(fields=["model_pk", "-id"], name="changes_of_model"),
                    models.Index(fields=["at"], name="changes_by_time"),
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, ANYTHING_GOES),
    ]
