"""The United Kingdom's three laws among the jurisdictions: words for people alone, nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("samples", "0006_model_answered")]
    operations = [
        migrations.AlterField(
            model_name="sample",
            name="jurisdiction",
            field=models.CharField(
                choices=[
                    ("uk", "United Kingdom"),
                    ("england_wales", "England and Wales"),
                    ("scotland", "Scotland"),
                    ("northern_ireland", "Northern Ireland"),
                    ("us", "United States"),
                    ("eu", "European Union"),
                    ("international", "International Law"),
                ],
                max_length=30,
            ),
        ),
    ]
