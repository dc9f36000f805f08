"""What the database itself refuses, whoever writes: here SQL that goes past every action."""

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from providers import actions
from providers.models import ConfigurationVersion, Model, Provider
from providers.tests.factories import make_model, make_provider, pk_of

pytestmark = pytest.mark.django_db


def execute(sql: str, *values: str | int) -> None:
    """Run it with every deferred constraint checked at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def two() -> None:
    make_provider("a", models=2)
    make_provider("b", models=2)


@pytest.mark.parametrize(
    "change",
    [
        "providers SET requests_per_minute = 0",
        "providers SET tokens_per_minute = -1",
        "providers SET requests_per_day = 0",
        "providers SET max_concurrency = 0",
        "providers SET base_url = 'ftp://host'",
        "providers SET base_url = 'https://user:password@host'",
        "providers SET id = 'all' WHERE id = 'b'",
        'providers SET "order" = 0',
        "models SET requests_per_minute = 0",
        "models SET max_tokens = 0",
        "models SET context_window = 0",
        "models SET input_price = -0.1",
        "models SET cached_input_price = -0.1",
        "models SET fallback_priority = 0",
        "models SET model_id = 'same'",
    ],
)
def test_the_database_refuses(two, change):
    with pytest.raises((IntegrityError, DataError)):
        execute(f"UPDATE {change}")


@pytest.mark.parametrize("head", ["default_model_id", "champion_model_id"])
def test_a_model_of_another_provider_is_nobodys_champion_or_default(two, head):
    execute(f"UPDATE providers SET {head} = %s WHERE id = 'a'", pk_of("a", "m1"))
    with pytest.raises(IntegrityError, match="is_own"):
        execute(f"UPDATE providers SET {head} = %s WHERE id = 'a'", pk_of("b", "m0"))


@pytest.mark.django_db(transaction=True)
def test_a_champion_may_be_deleted_and_so_may_its_provider():
    make_provider("a", models=2)
    actions.update_provider("a", {"champion_model": "m1", "default_model": "m1"})
    actions.delete_model(pk_of("a", "m1"))
    assert Provider.objects.get().default_model is None
    actions.update_provider("a", {"champion_model": "m0"})
    actions.delete_provider("a")
    assert not Model.objects.exists()


def version() -> int:
    return ConfigurationVersion.objects.get().version


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE providers SET name = 'x' WHERE id = 'a'",
        "UPDATE models SET enabled = false",
        "DELETE FROM models WHERE provider_id = 'b'",
        "INSERT INTO provider_configs VALUES ('a', NULL, NULL, '', '', NULL, now())",
        "TRUNCATE provider_configs",
    ],
)
def test_every_writer_moves_the_version_on(two, change):
    before = version()
    execute(change)
    assert version() > before


def test_the_version_comes_back_higher_when_its_row_was_lost(two):
    before = version()
    ConfigurationVersion.objects.all().delete()
    make_model("a", "new")
    assert version() > before


def test_reading_leaves_the_version_alone(two):
    before = version()
    list(Provider.objects.with_details())
    assert version() == before


def test_there_is_one_version_row(two):
    with pytest.raises(IntegrityError):
        execute("INSERT INTO configuration_version (id, version) VALUES (2, 1)")
