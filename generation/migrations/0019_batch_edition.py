"""A batch knows the taxonomy that it was ordered with. Older ones keep to the one that came with the project."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("generation", "0018_weights"),
        ("samples", "0011_taxonomy"),
    ]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="edition",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                help_text="The taxonomy that it was ordered with. Empty: the one that came with the project.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="samples.edition",
            ),
        ),
    ]
