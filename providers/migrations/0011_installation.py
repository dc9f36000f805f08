"""Each database knows which installation it is, so that one can tell its own in a Redis or a folder from another's."""

from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models

ROW = "INSERT INTO configuration_version (id, version) VALUES (1, 0) ON CONFLICT DO NOTHING"


class Migration(migrations.Migration):
    dependencies = [("providers", "0010_cached_input_price")]
    operations = [
        migrations.AddField(
            model_name="configurationversion",
            name="installation",
            field=models.UUIDField(db_default=RandomUUID(), editable=False),
        ),
        migrations.RunSQL(ROW, migrations.RunSQL.noop),
    ]
