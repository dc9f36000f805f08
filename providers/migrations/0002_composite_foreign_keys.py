"""A provider's default and champion are models of its own, whoever writes."""

from django.db import migrations

FORWARD = """
ALTER TABLE models ADD CONSTRAINT models_provider_and_id_unique UNIQUE (provider_id, id);
ALTER TABLE providers ADD CONSTRAINT providers_default_model_is_own
    FOREIGN KEY (id, default_model_id) REFERENCES models (provider_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE providers ADD CONSTRAINT providers_champion_model_is_own
    FOREIGN KEY (id, champion_model_id) REFERENCES models (provider_id, id) DEFERRABLE INITIALLY DEFERRED;
"""
BACKWARD = """
ALTER TABLE providers DROP CONSTRAINT providers_champion_model_is_own;
ALTER TABLE providers DROP CONSTRAINT providers_default_model_is_own;
ALTER TABLE models DROP CONSTRAINT models_provider_and_id_unique;
"""


class Migration(migrations.Migration):
    dependencies = [("providers", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
