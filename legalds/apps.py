from django.apps import AppConfig


class LegaldsConfig(AppConfig):
    name = "legalds"

    def ready(self) -> None:
        # Tasks find the Celery app, and checks register themselves, by import.
        from legalds import celery  # noqa: F401
        from legalds.security import checks  # noqa: F401
