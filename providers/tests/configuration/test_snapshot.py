import threading
from dataclasses import dataclass, field

import pytest
from cryptography.fernet import Fernet
from django.db import OperationalError, ProgrammingError, connection
from psycopg.errors import UndefinedTable

from providers import actions
from providers.configuration.snapshot import DatabaseNeverReached, DatabaseNotMigrated, SnapshotKeeper, load
from providers.models import Model
from providers.routing.config import Limits, Snapshot
from providers.tests.factories import make_model, make_provider

KEY = "sk-planted-0123456789"


@dataclass
class Database:
    """A scripted database: its version, how often it was asked, and whether it is away."""

    version: int = 1
    loads: int = 0
    looks: int = 0
    away: bool = False
    unmigrated: bool = False
    now: float = 0.0
    loaded_version: int | None = None
    waits: threading.Event | None = field(default=None)

    def load(self) -> Snapshot:
        self.loads += 1
        self._answer()
        return Snapshot(self.loaded_version or self.version, ())

    def read_version(self) -> int:
        self.looks += 1
        self._answer()
        return self.version

    def _answer(self) -> None:
        if self.waits:
            self.waits.wait(5)
        if self.away:
            raise OperationalError("away")
        if self.unmigrated:
            raise ProgrammingError("relation does not exist") from UndefinedTable()

    def keeper(self) -> SnapshotKeeper:
        return SnapshotKeeper(load=self.load, read_version=self.read_version, clock=lambda: self.now)


@pytest.fixture
def database(db) -> Database:
    return Database()


@pytest.mark.django_db
def test_everything_is_loaded_in_five_queries(django_assert_num_queries):
    for name in ("a", "b"):
        make_provider(name, models=2, requests_per_minute=5, limits_scope="model")
        actions.set_secrets(name, api_key=KEY, config={"headers": {"X": "y"}})
    make_model("b", "off", enabled=False, input_price=0.5)
    actions.update_provider("b", {"champion_model": "m1", "default_model": "m0"})
    actions.update_provider("b", {"order": 0})
    with django_assert_num_queries(5):
        snapshot = load()
    first = snapshot.providers[0]
    assert [entry.id for entry in snapshot.providers] == ["b", "a"]
    assert (first.champion_model, first.default_model, first.api_key) == ("m1", "m0", KEY)
    assert (first.limits, first.limits_are_per_model) == (Limits(5), True)
    assert [(model.model_id, model.enabled) for model in first.models] == [("m0", True), ("m1", True), ("off", False)]
    assert KEY not in repr(snapshot)


@pytest.mark.django_db
def test_pacing_and_a_ceiling_of_calls_reach_the_snapshot():
    make_provider("plain")
    make_provider("paced", pacing="smooth", max_concurrency=3)
    plain, paced = load().providers
    assert (plain.is_smooth, plain.max_concurrency) == (False, None)
    assert (paced.is_smooth, paced.max_concurrency) == (True, 3)


@pytest.mark.django_db
def test_an_empty_configuration_is_one(django_assert_num_queries):
    with django_assert_num_queries(2):
        assert load().providers == ()


@pytest.mark.django_db
def test_a_key_that_cannot_be_decrypted_breaks_nothing_else():
    make_provider("bad")
    make_provider("good")
    for name in ("bad", "good"):
        actions.set_secrets(name, api_key=KEY)
    token = Fernet(Fernet.generate_key()).encrypt(b"x")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE provider_configs SET api_key = %s, config = %s WHERE provider_id = 'bad'", [token, token]
        )
    bad, good = load().providers
    assert (bad.key_is_unreadable, bad.api_key, bad.is_keyed, good.api_key) == (True, None, False, KEY)


@pytest.mark.django_db
def test_a_change_by_anybody_is_seen_at_the_next_look():
    make_provider("a", models=1)
    now = [0.0]
    keeper = SnapshotKeeper(clock=lambda: now[0])
    assert keeper.current().providers[0].models[0].enabled
    Model.objects.update(enabled=False)
    assert keeper.current().providers[0].models[0].enabled
    now[0] = 0.5
    assert not keeper.current().providers[0].models[0].enabled


@pytest.mark.django_db
def test_a_fresh_look_is_one_query_while_nothing_has_changed(django_assert_num_queries):
    make_provider("a", models=1)
    keeper = SnapshotKeeper()
    before = keeper.current()
    with django_assert_num_queries(1):
        assert keeper.current(fresh=True) is before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "loss", ["DELETE FROM configuration_version", "UPDATE configuration_version SET version = 1"], ids=["lost", "back"]
)
def test_a_version_that_was_lost_or_restored_from_a_backup_hides_no_later_change(loss):
    make_provider("a", models=1)
    keeper = SnapshotKeeper()
    before = keeper.current()
    with connection.cursor() as cursor:
        cursor.execute(loss)
    assert keeper.current(fresh=True) is before
    Model.objects.update(enabled=False)
    assert not keeper.current(fresh=True).providers[0].models[0].enabled


def test_the_database_is_asked_for_its_version_at_most_twice_a_second(database):
    keeper = database.keeper()
    for tenth in range(20):
        database.now = tenth / 10
        keeper.current()
    assert (database.loads, database.looks) == (1, 3)


def test_a_database_that_went_away_leaves_the_last_snapshot_marked_stale(database):
    keeper = database.keeper()
    before = keeper.current()
    database.away, database.now = True, 1.0
    assert keeper.current() is before
    assert keeper.is_stale
    database.away, database.now, database.version = False, 2.0, 2
    assert keeper.current().version == 2
    assert not keeper.is_stale


def test_a_database_that_was_never_reached_is_said_so_and_asked_again_later(database):
    database.away = True
    keeper = database.keeper()
    for _ in range(3):
        with pytest.raises(DatabaseNeverReached):
            keeper.current()
    assert (database.loads, keeper.has_loaded) == (1, False)
    database.away, database.now = False, 0.5
    assert keeper.current().version == 1


def test_a_database_without_tables_is_said_so_every_time(database):
    database.unmigrated = True
    keeper = database.keeper()
    for _ in range(3):
        with pytest.raises(DatabaseNotMigrated, match=r"manage\.py migrate"):
            keeper.current()
    database.unmigrated = False
    assert keeper.current().version == 1


def test_another_programming_error_is_no_missing_migration():
    def broken() -> Snapshot:
        raise ProgrammingError("syntax error")

    keeper = SnapshotKeeper(load=broken)
    for _ in range(2):
        with pytest.raises(ProgrammingError, match="syntax error"):
            keeper.current()


def test_a_fresh_look_does_not_wait_for_the_interval(database):
    keeper = database.keeper()
    keeper.current()
    database.version = 2
    assert (keeper.current().version, keeper.current(fresh=True).version) == (1, 2)


def test_a_fresh_look_waits_for_another_ones_look_and_looks_again(database):
    keeper = database.keeper()
    keeper.current()
    database.now, database.version, database.waits = 1.0, 2, threading.Event()
    looking = threading.Thread(target=keeper.current)
    looking.start()
    while not database.looks:
        pass
    threading.Timer(0.1, database.waits.set).start()
    assert keeper.current(fresh=True).version == 2
    looking.join(5)
    assert database.looks == 2


@pytest.mark.parametrize(("asked", "loaded"), [(2, 2), (9, 2)])
def test_a_version_that_goes_back_never_wins(database, asked, loaded):
    database.version = 5
    keeper = database.keeper()
    keeper.current()
    database.version, database.loaded_version, database.now = asked, loaded, 1.0
    assert keeper.current().version == 5


def test_a_thread_does_not_wait_for_another_ones_look(database):
    keeper = database.keeper()
    keeper.current()
    database.now, database.waits = 1.0, threading.Event()
    looking = threading.Thread(target=keeper.current)
    looking.start()
    while not database.looks:
        pass
    assert keeper.current().version == 1
    database.waits.set()
    looking.join(5)
    assert database.looks == 1


def test_threads_that_have_nothing_yet_wait_for_one_load(database):
    keeper = database.keeper()
    seen: list[Snapshot] = []
    threads = [threading.Thread(target=lambda: seen.append(keeper.current())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert (len(seen), database.loads) == (8, 1)
