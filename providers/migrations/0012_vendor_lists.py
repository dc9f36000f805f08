"""What each vendor said it offers, when it was last asked."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("providers", "0011_installation")]
    operations = [
        migrations.CreateModel(
            name="VendorList",
            fields=[
                (
                    "provider",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="vendor_list",
                        serialize=False,
                        to="providers.provider",
                    ),
                ),
                ("base_url", models.CharField(max_length=500)),
                ("asked_at", models.DateTimeField(help_text="Whether or not an answer came.")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("model_ids", models.JSONField(default=list)),
                ("seen_ids", models.JSONField(default=list)),
            ],
            options={"db_table": "vendor_lists", "default_permissions": ()},
        ),
    ]
