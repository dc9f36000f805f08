"""What a model's vendor refused, and how it is asked since."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("providers", "0006_configuration_changes")]
    operations = [
        migrations.AddField(
            model_name="model",
            name="adaptations",
            field=models.JSONField(
                blank=True,
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                editable=False,
                verbose_name="how it is asked",
            ),
        ),
        migrations.AlterField(
            model_name="configurationchange",
            name="deed",
            field=models.CharField(
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
                    ("learnt", "learnt from the vendor"),
                ],
                max_length=20,
                verbose_name="what",
            ),
        ),
    ]
