"""The shared store's synchronous face, for admin, API and scheduler: each call opens and closes its own connection."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from asgiref.sync import async_to_sync
from django.conf import settings

from providers.calling.store.redis_store import RedisStore, connect
from providers.configuration.snapshot import DatabaseNeverReached, DatabaseNotMigrated, keeper, read_version
from providers.models import Model
from providers.routing.admission import Admission, Outlook, ScopeState, StoreForeign, StoreUnavailable
from providers.routing.limits.budget import Bucket
from providers.routing.limits.use import Use

Answer = TypeVar("Answer")
logger = logging.getLogger(__name__)


@asynccontextmanager
async def open_store() -> AsyncIterator[RedisStore]:
    """The shared store, bound to the running event loop."""
    store = connect(settings.REDIS_URL, settings.KEY_PREFIX, "" if settings.IS_EMBEDDED else keeper.installation)
    try:
        yield store
    finally:
        await store.aclose()


def states(scopes: Iterable[str]) -> dict[str, ScopeState]:
    """What the breaker says of each scope; raises StoreUnavailable."""
    asked = list(scopes)
    return dict(_ask(lambda store: store.states(asked)))


def look(scopes: Iterable[str], buckets: Iterable[Bucket]) -> tuple[Mapping[str, ScopeState], Mapping[Bucket, int]]:
    """``states``, and the units used in each bucket's current window, in one round trip; raises StoreUnavailable."""
    asked, windows = list(scopes), list(buckets)
    return _ask(lambda store: store.look(asked, windows))


def uses(buckets: Iterable[Bucket]) -> Mapping[Bucket, Use]:
    """What counts in each bucket now, and when it leaves, in one round trip; raises StoreUnavailable."""
    asked = list(buckets)
    return _ask(lambda store: store.uses(asked))


def outlook(admissions: Sequence[Admission]) -> tuple[Outlook, ...]:
    """What keeps each of these calls from leaving, in one round trip; raises StoreUnavailable and StoreLost."""
    return _ask(lambda store: store.outlook(admissions))


def clear(provider_id: str) -> None:
    """Forget what the breaker holds against the provider and its models. A store that is away only costs a warning:
    its suspensions end by themselves."""
    model_ids = Model.objects.filter(provider_id=provider_id).values_list("model_id", flat=True)
    _forget([provider_id, *(f"{provider_id}/{model_id}" for model_id in model_ids)])


def clear_model(provider_id: str, model_id: str) -> None:
    """The same of one model alone."""
    _forget([f"{provider_id}/{model_id}"])


def _forget(scopes: list[str]) -> None:
    try:
        lift(scopes)
    except StoreUnavailable:
        logger.warning("The shared store is away: suspensions of %s stay until they run out.", ", ".join(scopes))


def lift(scopes: Iterable[str]) -> None:
    """Forget what the breaker holds against these scopes alone; raises StoreUnavailable."""
    cleared, version = list(scopes), read_version()
    _ask(lambda store: store.clear(cleared, version))


def whose_words() -> str:
    """That another installation has the store, and what to do; empty where it is this one's, or that cannot be told."""
    if settings.IS_EMBEDDED:
        return ""
    try:
        keeper.current()
        _ask(RedisStore.require_own)
    except StoreForeign as error:
        return str(error)
    except (StoreUnavailable, DatabaseNeverReached, DatabaseNotMigrated):
        return ""
    return ""


@async_to_sync
async def _ask(question: Callable[[RedisStore], Awaitable[Answer]]) -> Answer:
    async with open_store() as store:
        return await question(store)
