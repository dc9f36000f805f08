from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("samples", "0003_review"),
    ]

    operations = [
        migrations.AddField(
            model_name="review",
            name="is_undo",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
