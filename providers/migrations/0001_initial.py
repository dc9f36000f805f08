import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
from django.db import migrations, models

import providers.fields
import providers.validators


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Model",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "requests_per_minute",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Requests in any 60 seconds. Empty: no limit.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(
                                1, "Give at least 1, or leave it empty for no limit."
                            )
                        ],
                    ),
                ),
                (
                    "tokens_per_minute",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Tokens, prompt and answer, in any 60 seconds. Empty: no limit.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(
                                1, "Give at least 1, or leave it empty for no limit."
                            )
                        ],
                    ),
                ),
                (
                    "requests_per_day",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Requests in any 24 hours. Empty: no limit.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(
                                1, "Give at least 1, or leave it empty for no limit."
                            )
                        ],
                    ),
                ),
                (
                    "model_id",
                    models.CharField(
                        error_messages={"blank": "Give the vendor's id of the model."},
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator("^\\S+\\Z", "Give the vendor's id, without spaces.")
                        ],
                        verbose_name="model id",
                    ),
                ),
                ("display_name", models.CharField(blank=True, max_length=200)),
                ("fallback_priority", models.PositiveIntegerField(editable=False)),
                ("enabled", models.BooleanField(default=True)),
                (
                    "max_tokens",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Tokens of an answer at most. Empty: the vendor's own.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                    ),
                ),
                (
                    "context_window",
                    models.PositiveIntegerField(
                        blank=True, null=True, validators=[django.core.validators.MinValueValidator(1)]
                    ),
                ),
                ("supports_json_schema", models.BooleanField(default=False, verbose_name="supports JSON schema")),
                ("is_thinking_model", models.BooleanField(default=False)),
                (
                    "input_price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="Per million tokens of prompt. Empty: not known.",
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                    ),
                ),
                (
                    "output_price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="Per million tokens of answer. Empty: not known.",
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                    ),
                ),
                (
                    "extra_config",
                    models.JSONField(blank=True, default=dict, validators=[providers.validators.validate_model_extra]),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "db_table": "models",
                "ordering": ["provider__order", "fallback_priority"],
            },
        ),
        migrations.CreateModel(
            name="Provider",
            fields=[
                (
                    "requests_per_minute",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Requests in any 60 seconds. Empty: no limit.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(
                                1, "Give at least 1, or leave it empty for no limit."
                            )
                        ],
                    ),
                ),
                (
                    "tokens_per_minute",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Tokens, prompt and answer, in any 60 seconds. Empty: no limit.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(
                                1, "Give at least 1, or leave it empty for no limit."
                            )
                        ],
                    ),
                ),
                (
                    "requests_per_day",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Requests in any 24 hours. Empty: no limit.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(
                                1, "Give at least 1, or leave it empty for no limit."
                            )
                        ],
                    ),
                ),
                (
                    "id",
                    models.SlugField(
                        error_messages={
                            "blank": "Give an id of letters, digits, - and _, such as groq.",
                            "unique": "A provider of that id exists already. Choose another id.",
                        },
                        primary_key=True,
                        serialize=False,
                        validators=[providers.validators.validate_provider_id],
                    ),
                ),
                ("name", models.CharField(error_messages={"blank": "Give a name for people to read."}, max_length=100)),
                (
                    "adapter",
                    models.CharField(
                        choices=[("openai", "OpenAI-compatible"), ("mistral", "Mistral AI")],
                        default="openai",
                        error_messages={"invalid_choice": "Choose one of: openai, mistral."},
                        max_length=20,
                    ),
                ),
                (
                    "base_url",
                    models.CharField(
                        error_messages={
                            "blank": "Give an http:// or https:// address, such as https://api.example.com/v1."
                        },
                        max_length=500,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^https?://[^\\s/?#@]+(/[^\\s?#]*)?\\Z",
                                "Give an http:// or https:// address without user, password or query, such as https://api.example.com/v1.",
                            ),
                            providers.validators.validate_port,
                        ],
                        verbose_name="base URL",
                    ),
                ),
                ("enabled", models.BooleanField(default=True)),
                ("order", models.PositiveIntegerField(editable=False)),
                (
                    "limits_scope",
                    models.CharField(
                        choices=[("account", "shared by all its models"), ("model", "each model has its own")],
                        default="account",
                        error_messages={"invalid_choice": "Choose one of: account, model."},
                        max_length=10,
                    ),
                ),
                (
                    "requires_key",
                    models.BooleanField(
                        default=True, help_text="Off for a server that needs no key, such as a local Ollama."
                    ),
                ),
                (
                    "extra_config",
                    models.JSONField(
                        blank=True, default=dict, validators=[providers.validators.validate_provider_extra]
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "champion_model",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="providers.model",
                    ),
                ),
                (
                    "default_model",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="providers.model",
                    ),
                ),
            ],
            options={
                "db_table": "providers",
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="ProviderConfig",
            fields=[
                (
                    "provider",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="config",
                        serialize=False,
                        to="providers.provider",
                    ),
                ),
                (
                    "api_key",
                    providers.fields.EncryptedTextField(blank=True, null=True, serialize=False, verbose_name="API key"),
                ),
                (
                    "config",
                    providers.fields.EncryptedJSONField(
                        blank=True, null=True, serialize=False, verbose_name="secret settings"
                    ),
                ),
                ("api_key_last4", models.CharField(blank=True, editable=False, max_length=4, serialize=False)),
                ("api_key_fingerprint", models.CharField(blank=True, editable=False, max_length=16, serialize=False)),
                ("key_set_at", models.DateTimeField(blank=True, editable=False, null=True, serialize=False)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "db_table": "provider_configs",
            },
        ),
        migrations.AddField(
            model_name="model",
            name="provider",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="models",
                to="providers.provider",
            ),
        ),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("requests_per_minute__isnull", True), ("requests_per_minute__gte", 1), _connector="OR"
                ),
                name="providers_requests_per_minute_positive",
                violation_error_message="requests_per_minute must be at least 1, or empty for no limit.",
            ),
        ),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.CheckConstraint(
                condition=models.Q(("tokens_per_minute__isnull", True), ("tokens_per_minute__gte", 1), _connector="OR"),
                name="providers_tokens_per_minute_positive",
                violation_error_message="tokens_per_minute must be at least 1, or empty for no limit.",
            ),
        ),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.CheckConstraint(
                condition=models.Q(("requests_per_day__isnull", True), ("requests_per_day__gte", 1), _connector="OR"),
                name="providers_requests_per_day_positive",
                violation_error_message="requests_per_day must be at least 1, or empty for no limit.",
            ),
        ),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("order",),
                name="providers_order_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.CheckConstraint(
                condition=models.Q(("base_url__regex", "^https?://[^\\s/?#@]+(/[^\\s?#]*)?\\Z")),
                name="providers_base_url_http",
            ),
        ),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.CheckConstraint(
                condition=models.Q(("id__in", ["all", "stats"]), _negated=True), name="providers_id_not_reserved"
            ),
        ),
        migrations.AddIndex(
            model_name="model",
            index=models.Index(fields=["provider", "enabled", "fallback_priority"], name="models_fallback_order"),
        ),
        migrations.AddConstraint(
            model_name="model",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("requests_per_minute__isnull", True), ("requests_per_minute__gte", 1), _connector="OR"
                ),
                name="models_requests_per_minute_positive",
                violation_error_message="requests_per_minute must be at least 1, or empty for no limit.",
            ),
        ),
        migrations.AddConstraint(
            model_name="model",
            constraint=models.CheckConstraint(
                condition=models.Q(("tokens_per_minute__isnull", True), ("tokens_per_minute__gte", 1), _connector="OR"),
                name="models_tokens_per_minute_positive",
                violation_error_message="tokens_per_minute must be at least 1, or empty for no limit.",
            ),
        ),
        migrations.AddConstraint(
            model_name="model",
            constraint=models.CheckConstraint(
                condition=models.Q(("requests_per_day__isnull", True), ("requests_per_day__gte", 1), _connector="OR"),
                name="models_requests_per_day_positive",
                violation_error_message="requests_per_day must be at least 1, or empty for no limit.",
            ),
        ),
        migrations.AddConstraint(
            model_name="model",
            constraint=models.UniqueConstraint(
                fields=("provider", "model_id"),
                name="models_model_id_unique",
                violation_error_message="This provider has a model of that id already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="model",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("provider", "fallback_priority"),
                name="models_priority_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="model",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("max_tokens__isnull", True), ("max_tokens__gte", 1), _connector="OR"),
                    models.Q(("context_window__isnull", True), ("context_window__gte", 1), _connector="OR"),
                ),
                name="models_sizes_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="model",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("input_price__isnull", True), ("input_price__gte", 0), _connector="OR"),
                    models.Q(("output_price__isnull", True), ("output_price__gte", 0), _connector="OR"),
                ),
                name="models_prices_not_negative",
            ),
        ),
    ]
