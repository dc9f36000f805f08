"""The configuration as one frozen value, read from the database and kept fresh."""

import logging
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import OperationalError, ProgrammingError, connection
from django.db.models import F, Subquery
from psycopg.errors import UndefinedColumn, UndefinedTable

from providers.configuration.entries import provider_entry
from providers.database import DatabaseAway, asking
from providers.models import ConfigurationVersion, Limit, Model, Provider, ProviderConfig
from providers.routing.config import LimitEntry, ProviderEntry, Snapshot

logger = logging.getLogger(__name__)
CHECK_EVERY_S = 0.5


class DatabaseNeverReached(Exception):  # noqa: N818 - a state, which callers handle
    """This process has not read the configuration once, and cannot now."""


class DatabaseNotMigrated(ProgrammingError):  # noqa: N818
    """The database answers, but has no tables for this version of the program: that is mended, not waited for."""


def read_version() -> int:
    """0 where nothing was ever configured."""
    _require_database()
    return ConfigurationVersion.objects.values_list("version", flat=True).first() or 0


def read_installation() -> str:
    """Which installation this database is; empty where the row is missing, as nothing was ever configured."""
    found = ConfigurationVersion.objects.values_list("installation", flat=True).first()
    return found.hex if found else ""


def load() -> Snapshot:
    """The whole configuration, keys decrypted, in five queries.

    The version is read no later than what it speaks for, so a change in between is seen as a change at the next look.
    """
    version, installation = (
        Subquery(ConfigurationVersion.objects.values(column)[:1]) for column in ("version", "installation")
    )
    _require_database()
    providers: list[Any] = list(
        Provider.objects.select_related("config")
        .annotate(
            version=version,
            installation=installation,
            default_model_name=F("default_model__model_id"),
            champion_name=F("champion_model__model_id"),
        )
        .prefetch_related("limits")
        .order_by("order")
    )
    if not providers:
        row = ConfigurationVersion.objects.first()
        return Snapshot(row.version, (), installation=row.installation.hex) if row else Snapshot(0, ())
    models: defaultdict[str, list[Model]] = defaultdict(list)
    for model in Model.objects.prefetch_related("limits").order_by("provider_id", "fallback_priority"):
        models[model.provider_id].append(model)
    above = [limit.entry for limit in Limit.objects.of_installation()]
    entries = tuple(_entry(provider, models[provider.pk], above) for provider in providers)
    first = providers[0]
    return Snapshot(first.version or 0, entries, installation=first.installation.hex if first.installation else "")


def _require_database() -> None:
    """Where the embedded servers have not been started, there is none to connect to."""
    if connection.vendor == "unknown":
        raise OperationalError("No database is configured.")


class SnapshotKeeper:
    """The newest snapshot, at the price of one small query every ``check_every_s`` at most. Safe to share by threads.

    A database that is away leaves the last snapshot standing, and ``is_stale`` says so.
    """

    def __init__(
        self,
        *,
        load: Callable[[], Snapshot] = load,
        read_version: Callable[[], int] = read_version,
        clock: Callable[[], float] = time.monotonic,
        check_every_s: float = CHECK_EVERY_S,
    ) -> None:
        self._load = load
        self._read_version = read_version
        self._clock = clock
        self._check_every_s = check_every_s
        self.forget()

    def forget(self) -> None:
        """As if nothing had been read yet."""
        self._last: Snapshot | None = None
        self._next_check: float | None = None
        self.is_stale = False
        self.renew_lock()

    def renew_lock(self) -> None:
        """For a forked child: the lock may be held by a thread that it does not have."""
        self._lock = threading.Lock()

    @property
    def has_loaded(self) -> bool:
        return self._last is not None

    @property
    def installation(self) -> str:
        """Whose configuration was read last; empty where none was."""
        return self._last.installation if self._last else ""

    def current(self, *, fresh: bool = False) -> Snapshot:
        """The newest snapshot that can be had; raises DatabaseNeverReached where there is none.

        While one thread looks, the others that have something to go by do not wait for it. ``fresh`` is for a caller
        that must see a change made right before: it waits, and looks whatever the interval.
        Raises DatabaseNotMigrated, every time, where the tables are missing.
        """
        last = self._last
        if last is not None and not fresh and not self._is_due():
            return last
        if not self._lock.acquire(blocking=fresh or last is None):
            assert last is not None  # noqa: S101 - else it would have waited
            return last
        try:
            if fresh or self._is_due():
                self._look()
        finally:
            self._lock.release()
        if self._last is None:
            raise DatabaseNeverReached("The configuration could not be read: the database is away.")
        return self._last

    def _is_due(self) -> bool:
        return self._next_check is None or self._clock() >= self._next_check

    def _look(self) -> None:
        try:
            with asking():
                self._renew()
            self._note(stale=False)
        except DatabaseAway as error:
            self._note(stale=True, reason=type(error.__cause__).__name__)
        except ProgrammingError as error:
            if isinstance(error.__cause__, UndefinedTable | UndefinedColumn):
                raise DatabaseNotMigrated(
                    "The database has not been prepared for this version. Run: python manage.py migrate"
                ) from error.__cause__
            raise
        self._next_check = self._clock() + self._check_every_s

    def _renew(self) -> None:
        if self._last is None:
            self._last = self._load()
        elif self._read_version() > self._last.version:
            loaded = self._load()
            self._last = max(self._last, loaded, key=lambda snapshot: snapshot.version)

    def _note(self, *, stale: bool, reason: str = "") -> None:
        if stale and not self.is_stale and self.has_loaded:
            logger.warning("The database is away (%s): going on with the configuration last read.", reason)
        if not stale and self.is_stale:
            logger.info("The database is back: the configuration is fresh again.")
        self.is_stale = stale


def _entry(provider: Any, models: Iterable[Model], above: Sequence[LimitEntry]) -> ProviderEntry:
    """``provider`` carries the names of its default and champion, as load() annotates them."""
    try:
        secrets: ProviderConfig | None = provider.config
    except ObjectDoesNotExist:
        secrets = None
    return provider_entry(
        provider,
        models,
        secrets,
        default_model=provider.default_model_name,
        champion_model=provider.champion_name,
        above=above,
    )


keeper = SnapshotKeeper()
os.register_at_fork(after_in_child=keeper.renew_lock)
