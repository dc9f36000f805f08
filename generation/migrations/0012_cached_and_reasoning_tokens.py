"""Of the tokens of calls and batches, those that vendors had kept, and those of thinking."""

from django.db import migrations, models

BATCH = {"cached_tokens": "Those that vendors had kept.", "reasoning_tokens": "Those of thinking."}
ATTEMPT = {
    "cached_tokens": "Of the prompt, kept by the vendor.",
    "reasoning_tokens": "Of the completion: thinking.",
}


class Migration(migrations.Migration):
    dependencies = [("generation", "0011_batch_urgency")]
    operations = [
        *(
            migrations.AddField(
                "batch", name, models.PositiveBigIntegerField(db_default=0, default=0, help_text=help_text)
            )
            for name, help_text in BATCH.items()
        ),
        *(
            migrations.AddField(
                "attempt", name, models.PositiveIntegerField(db_default=0, default=0, help_text=help_text)
            )
            for name, help_text in ATTEMPT.items()
        ),
    ]
