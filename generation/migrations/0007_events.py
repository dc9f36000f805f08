"""The timeline of batches. Changes of status are written by triggers: whoever makes one, none is missing."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

# ``legalds.actor`` is set by what acts for a person, for its transaction.
NOTE = """
CREATE FUNCTION note_batch_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO batch_events (batch_id, at, kind, actor, facts) VALUES (
        NEW.id,
        clock_timestamp(),
        'status',
        coalesce(current_setting('legalds.actor', true), ''),
        jsonb_build_object(
            'from', CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END,
            'to', NEW.status,
            'reason', NEW.status_reason,
            'count', NEW.count,
            'generated', NEW.generated,
            'failed', NEW.failed
        )
    );
    RETURN NULL;
END
$$;
"""
TRIGGERS = """
CREATE TRIGGER batches_note_start AFTER INSERT ON batches FOR EACH ROW EXECUTE FUNCTION note_batch_status();
CREATE TRIGGER batches_note_status AFTER UPDATE OF status ON batches FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION note_batch_status();
"""
NO_TRIGGERS = "DROP TRIGGER batches_note_start ON batches; DROP TRIGGER batches_note_status ON batches;"


class Migration(migrations.Migration):
    dependencies = [("generation", "0006_recent_calls")]
    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "kind",
                    models.CharField(
                        choices=[("status", "Status"), ("suspended", "Suspended"), ("recovered", "Recovered")],
                        max_length=12,
                    ),
                ),
                ("actor", models.CharField(blank=True, max_length=150)),
                ("facts", models.JSONField(default=dict)),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="generation.batch",
                    ),
                ),
            ],
            options={
                "db_table": "batch_events",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["batch", "-id"], name="batch_events_batch")],
            },
        ),
        migrations.RunSQL(NOTE, "DROP FUNCTION note_batch_status();"),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
