"""At its start the app names where calls that were made can be read: its attempts."""

from django.apps import AppConfig


class GenerationConfig(AppConfig):
    name = "generation"

    def ready(self) -> None:
        from generation.admin import limits_panel, provider_attempts  # noqa: F401 - its panels are known by being imported
        from generation.selectors import ledger
        from providers.calling.rebuilding import keep_ledger

        keep_ledger(ledger)
