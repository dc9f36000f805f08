"""What a test tells the shared store about a provider or a model, and how often the store is asked."""

from asgiref.sync import async_to_sync

from providers import live
from providers.llm.errors import ErrorKind


def fail(scope, reason, *, kind=ErrorKind.AUTH, opens_after=1, seconds=60.0):
    """One failure; by default it suspends."""

    async def tell():
        async with live.open_store() as store:
            await store.fail(scope, kind, reason, opens_after=opens_after, open_s=seconds, max_open_s=seconds)

    async_to_sync(tell)()


def hold(scope, seconds, reason):
    async def tell():
        async with live.open_store() as store:
            await store.hold(scope, seconds, reason)

    async_to_sync(tell)()


def count_trips(monkeypatch):
    """The list grows by a word with every round trip."""
    trips = []

    def counted(name):
        asked = getattr(live, name)

        def ask(*args):
            trips.append(name)
            return asked(*args)

        return ask

    for name in ("states", "usage"):
        monkeypatch.setattr(live, name, counted(name))
    return trips
