"""What a test tells the shared store about a provider or a model, and how often the store is asked."""

from dataclasses import replace
from unittest.mock import patch

from asgiref.sync import async_to_sync

from providers.calling import shared_store
from providers.calling.store import wire
from providers.llm.errors import ErrorKind
from providers.routing.admission import Admission, Admitted
from providers.routing.breaker import Trip
from providers.routing.limits.budget import Reservation
from providers.routing.limits.urgency import Urgency
from providers.routing.report import Failure, Hold, Report


def open_store():
    """A store that holds nothing against anybody, and not one that has lost its data."""

    async def restore():
        async with shared_store.open_store() as store:
            await store.restore((), 0)

    async_to_sync(restore)()


def fail(scope, reason, *, kind=ErrorKind.AUTH, opens_after=1, seconds=60.0):
    """One failure; by default it suspends."""
    trip = Trip(opens_after, round(seconds * 1000), round(seconds * 1000))
    _tell(Report(failure=Failure(scope, kind, reason, trip)))


def hold(scope, seconds, reason):
    _tell(Report(hold=Hold(scope, seconds, reason)))


def wait_urgently(scope):
    """There is room, and an urgent call waits for it, for longer than any test takes."""

    async def wait():
        async with shared_store.open_store() as store:
            await store.restore((), 0)
            call = Admission((scope,), (), ceilings=(1,))
            admitted = await store.admit(call)
            assert isinstance(admitted, Admitted)
            await store.admit(replace(call, id="urgent", urgency=Urgency.URGENT))
            await store.release(admitted.reservation)

    with patch.object(wire, "WAITS_FOR_S", 600.0):
        async_to_sync(wait)()


def take(*buckets):
    """One request of these budgets, by a call that is in flight."""

    async def take():
        async with shared_store.open_store() as store:
            await store.restore((), 0)
            assert isinstance(await store.admit(Admission(("somebody",), buckets)), Admitted)

    async_to_sync(take)()


def _tell(report):
    async def tell():
        async with shared_store.open_store() as store:
            await store.restore((), 0)
            await store.book(Reservation("nobody's"), report)

    async_to_sync(tell)()


def count_trips(monkeypatch):
    """The list grows by a word with every round trip."""
    trips = []

    def counted(name):
        asked = getattr(shared_store, name)

        def ask(*args):
            trips.append(name)
            return asked(*args)

        return ask

    for name in ("states", "look", "outlook"):
        monkeypatch.setattr(shared_store, name, counted(name))
    return trips
