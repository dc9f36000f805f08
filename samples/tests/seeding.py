"""The taxonomy's rows for tests: tests that commit leave the tables empty."""

from importlib import import_module

from django.apps import apps
from django.db import connection


def seed() -> None:
    """As the migration does: nothing where there is any row."""
    import_module("samples.migrations.0012_seed_taxonomy").seed(apps, connection.schema_editor())
