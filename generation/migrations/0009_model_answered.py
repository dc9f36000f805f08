"""Which model answered a call, by the vendor's own word; and the event that it was another one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("generation", "0008_content_refused")]
    operations = [
        migrations.AddField(
            model_name="attempt",
            name="model_answered",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Which model the vendor says that it was.",
                max_length=200,
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("status", "Status"),
                    ("suspended", "Suspended"),
                    ("recovered", "Recovered"),
                    ("rerouted", "Rerouted"),
                ],
                max_length=12,
            ),
        ),
    ]
