from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("samples", "0004_review_is_undo"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="sample",
            index=models.Index(
                condition=models.Q(("review_note", ""), _negated=True), fields=["-id"], name="samples_noted"
            ),
        ),
    ]
