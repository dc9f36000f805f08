"""A sample that is deleted, by whatever way, takes along what its duplicates were found by, and these are looked at anew."""

from django.db import migrations

FORGET = """
CREATE FUNCTION forget_deleted_samples() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    gone bigint[] := ARRAY(SELECT id FROM deleted);
BEGIN
    DELETE FROM sample_bands WHERE sample_id = ANY(gone);
    DELETE FROM sample_signatures WHERE sample_id = ANY(gone);
    DELETE FROM sample_signatures USING samples WHERE sample_id = samples.id AND duplicate_of_id = ANY(gone);
    UPDATE samples SET text_hash = NULL, duplicate_of_id = NULL WHERE duplicate_of_id = ANY(gone);
    RETURN NULL;
END
$$;
CREATE TRIGGER samples_forget AFTER DELETE ON samples REFERENCING OLD TABLE AS deleted
    FOR EACH STATEMENT EXECUTE FUNCTION forget_deleted_samples();
"""
UNDO = "DROP TRIGGER samples_forget ON samples; DROP FUNCTION forget_deleted_samples();"


class Migration(migrations.Migration):
    dependencies = [("samples", "0013_duplicates")]
    operations = [migrations.RunSQL(FORGET, UNDO)]
