from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("generation", "0009_model_answered")]
    operations = [
        migrations.AddField("lane", "waiting_reason", models.TextField(blank=True, default="")),
        migrations.AddField("lane", "waiting_since", models.DateTimeField(blank=True, null=True)),
    ]
