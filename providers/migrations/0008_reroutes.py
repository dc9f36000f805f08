"""Which models are answered for by another one of the vendor's."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("providers", "0007_adaptations")]
    operations = [
        migrations.CreateModel(
            name="Reroute",
            fields=[
                (
                    "model",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="reroute",
                        serialize=False,
                        to="providers.model",
                    ),
                ),
                ("answered_by", models.CharField(max_length=200)),
                ("since", models.DateTimeField(auto_now_add=True)),
            ],
            options={"db_table": "reroutes", "default_permissions": ()},
        ),
    ]
