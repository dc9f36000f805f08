"""One number that grows with every change of the configuration, so that workers see a change by reading one row."""

from django.db import migrations, models

TABLES = ("providers", "models", "provider_configs")
# The clock goes into the number so that it grows even where the row was lost or went back: a flush, a restored backup.
# Readers take a smaller number for an old answer.
BUMP = """
CREATE FUNCTION bump_configuration_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    clock bigint := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
BEGIN
    INSERT INTO configuration_version AS current (id, version) VALUES (1, clock)
    ON CONFLICT (id) DO UPDATE SET version = greatest(current.version + 1, clock);
    RETURN NULL;
END
$$;
"""


def trigger(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_bump_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION bump_configuration_version();",
        f"DROP TRIGGER {table}_bump_version ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("providers", "0002_composite_foreign_keys")]
    operations = [
        migrations.CreateModel(
            name="ConfigurationVersion",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("version", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "db_table": "configuration_version",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="configuration_version_one_row")
                ],
            },
        ),
        migrations.RunSQL(BUMP, "DROP FUNCTION bump_configuration_version();"),
        *(trigger(table) for table in TABLES),
    ]
