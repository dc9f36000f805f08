"""What a batch does where a route is full, what it may spend, and what its items reserve of that."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("generation", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="cost",
            field=models.DecimalField(
                decimal_places=8, default=0, help_text="What the calls with known prices cost.", max_digits=20
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="cost_cap",
            field=models.DecimalField(
                blank=True,
                decimal_places=8,
                help_text="Money that it may cost; it pauses there. Empty: no cap.",
                max_digits=20,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="needs_cost",
            field=models.DecimalField(
                blank=True, decimal_places=8, help_text="The same in money.", max_digits=20, null=True
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="needs_tokens",
            field=models.PositiveBigIntegerField(
                blank=True,
                help_text="What one more item needed when a cap left no room for it; empty: none did.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="token_cap",
            field=models.PositiveBigIntegerField(
                blank=True, help_text="Tokens that it may use; it pauses there. Empty: no cap.", null=True
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="when_full",
            field=models.CharField(
                choices=[("auto", "Automatic"), ("stay", "Wait for it"), ("spill", "Use the next one")],
                default="auto",
                help_text="What an item does where the first choice is at its limit and another could go.",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="reserved_cost",
            field=models.DecimalField(decimal_places=8, default=0, help_text="The same in money.", max_digits=20),
        ),
        migrations.AddField(
            model_name="item",
            name="reserved_tokens",
            field=models.PositiveBigIntegerField(
                default=0, help_text="What its batch's caps set aside for it. Counts only while it is leased."
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("token_cap__isnull", True), ("token_cap__gte", 1), _connector="OR"),
                    models.Q(("cost_cap__isnull", True), ("cost_cap__gt", 0), _connector="OR"),
                ),
                name="batches_caps_positive",
            ),
        ),
    ]
