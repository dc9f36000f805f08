"""Providers for Python code that wants one answer now: ``LLMProviderFactory.get_provider("groq").complete("...")``.

ProviderError
    UnknownProvider   no provider of that id, or it is switched off
    UnknownModel      the provider has no such model, or it is switched off
    UnusablePrompt    the prompt is neither a text nor a list of messages
    InsideEventLoop   ``complete`` was called where only ``acomplete`` can be
    MissingKey        the provider needs a key and has none that can be read
    Busy              suspended, held or over budget for longer than the caller would wait; ``wait_s`` says how long
A call that was made and failed raises providers.llm.errors.LLMError; without the shared store none is made
(providers.routing.admission.StoreUnavailable).
"""

import asyncio
import logging
import os
import threading
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, get_args, get_type_hints

from asgiref.sync import sync_to_async

from providers import catalog
from providers.calling.gateway import Gateway, open_gateway
from providers.configuration.snapshot import DatabaseNeverReached, keeper
from providers.llm.errors import RefusedParameterError
from providers.llm.types import Completion, CompletionRequest, JSONSchema, Message
from providers.routing.admission import Admitted, Refused
from providers.routing.config import Limits, ProviderEntry, Snapshot
from providers.routing.explaining.durations import at_least
from providers.routing.explaining.words import exclusion_words, obstacle_words
from providers.routing.route import Exclusion, Route, model_order, provider_exclusion

logger = logging.getLogger(__name__)
NO_LIMIT = 2_147_483_647
"""Stands for "no limit" where a number must stand: callers may compare and divide without a special case."""
MAX_WAIT_S = 60.0
ROLES: tuple[str, ...] = get_args(get_type_hints(Message)["role"])
Prompt = str | Sequence[Message | Mapping[str, Any]]


class ProviderError(Exception):
    """What stands between a caller and its answer, before any call is made."""


class UnknownProvider(ProviderError, LookupError):  # noqa: N818 - reads as the sentence that it is
    def __init__(self, provider_id: str, known: Sequence[str]) -> None:
        super().__init__(f"No provider {provider_id!r} is switched on. Known: {', '.join(known) or 'none'}.")


class UnknownModel(ProviderError, LookupError):  # noqa: N818
    def __init__(self, provider_id: str, model_id: str | None, known: Sequence[str]) -> None:
        wanted = f"model {model_id!r}" if model_id else "model"
        super().__init__(f"{provider_id} has no {wanted} switched on. Known: {', '.join(known) or 'none'}.")


class UnusablePrompt(ProviderError, ValueError):  # noqa: N818
    """Says what to give instead; never repeats the prompt."""


class InsideEventLoop(ProviderError, RuntimeError):  # noqa: N818
    def __init__(self) -> None:
        super().__init__("complete() cannot be called inside a running event loop. Use: await provider.acomplete(...).")


class MissingKey(ProviderError):  # noqa: N818
    def __init__(self, provider_id: str, why: Exclusion) -> None:
        super().__init__(
            f"{exclusion_words(why, provider_id)}. Enter one in the admin, or in its environment variable."
        )


class Busy(ProviderError):  # noqa: N818
    def __init__(self, refused: Refused) -> None:
        super().__init__(f"{obstacle_words(refused).rstrip('.')}. Try again in {at_least(refused.wait_s)}.")
        self.wait_s = refused.wait_s


@dataclass(frozen=True, slots=True)
class LLMProvider:
    """A provider as it was when asked for; every call goes by the configuration of its own moment.

    Shared by all who ask while nothing changes, so nothing in it can be changed.
    """

    id: str
    name: str
    models: tuple[str, ...]
    limits: Limits
    use_db: bool = True

    @property
    def rate_limits(self) -> dict[str, int]:
        """``requests_per_minute`` and ``tokens_per_minute``; NO_LIMIT where there is none."""
        return {
            "requests_per_minute": self.limits.requests_per_minute or NO_LIMIT,
            "tokens_per_minute": self.limits.tokens_per_minute or NO_LIMIT,
        }

    def complete(
        self,
        prompt: Prompt,
        *,
        model: str | None = None,
        schema: JSONSchema | None = None,
        max_tokens: int | None = None,
        temperature: float | None = None,
        max_wait_s: float = MAX_WAIT_S,
    ) -> Completion:
        """One answer of ``model``, else of the first in order; no failover. Inside an event loop use ``acomplete``.

        ``prompt`` is what the user says, or messages: each a Message or ``{"role": "user", "content": "..."}``.
        """
        _refuse_event_loop()
        request = CompletionRequest(_messages(prompt), schema, max_tokens, temperature)
        return asyncio.run(_call(_route(self.id, model, self.use_db), request, max_wait_s))

    async def acomplete(
        self,
        prompt: Prompt,
        *,
        model: str | None = None,
        schema: JSONSchema | None = None,
        max_tokens: int | None = None,
        temperature: float | None = None,
        max_wait_s: float = MAX_WAIT_S,
    ) -> Completion:
        request = CompletionRequest(_messages(prompt), schema, max_tokens, temperature)
        route = await sync_to_async(_route)(self.id, model, self.use_db)
        return await _call(route, request, max_wait_s)


class LLMProviderFactory:
    """Safe to use from any thread. ``use_db=False``, or a database that was never reached, serves the catalogue."""

    @staticmethod
    def get_provider(provider_id: str, use_db: bool = True) -> LLMProvider:
        known = _providers(use_db)
        try:
            return known[provider_id]
        except (KeyError, TypeError):
            raise UnknownProvider(provider_id, list(known)) from None

    @staticmethod
    def get_all_providers(use_db: bool = True) -> dict[str, LLMProvider]:
        """Those that are switched on, by id, in selection order."""
        return dict(_providers(use_db))

    @staticmethod
    def get_rate_limits(provider_id: str, use_db: bool = True) -> dict[str, int]:
        """``requests_per_minute`` and ``tokens_per_minute``; NO_LIMIT where there is none."""
        return LLMProviderFactory.get_provider(provider_id, use_db).rate_limits

    @staticmethod
    def get_next_model_from_db(
        current_model: str | None, failed_models: Collection[str] | None, provider_id: str
    ) -> str | None:
        return LLMProviderFactory.get_next_model(current_model, failed_models, provider_id)

    @staticmethod
    def get_next_model(
        current_model: str | None, failed_models: Collection[str] | None, provider_id: str, use_db: bool = True
    ) -> str | None:
        """The first model in the order of trying that is neither current nor failed; None where none is left."""
        tried = {current_model, *(failed_models or ())}
        models = LLMProviderFactory.get_provider(provider_id, use_db).models
        return next((name for name in models if name not in tried), None)


_made: dict[bool, tuple[Snapshot, Mapping[str, LLMProvider]]] = {}
"""What was last made of a snapshot, with the database and without it. Replaced as a whole, so it needs no lock."""
_told: set[str] = set()
_telling = threading.Lock()


def _snapshot(use_db: bool) -> Snapshot:
    if use_db:
        try:
            return keeper.current()
        except DatabaseNeverReached:
            _tell_once("The database was never reached")
    else:
        _tell_once("Asked to do without the database")
    return catalog.snapshot(os.environ)


def _tell_once(reason: str) -> None:
    with _telling:
        is_news = reason not in _told
        _told.add(reason)
    if is_news:
        logger.warning("%s: providers come from the catalogue, with keys from the environment.", reason)


def _entry(provider_id: str, use_db: bool) -> ProviderEntry:
    known = _snapshot(use_db)
    entry = known.provider(provider_id)
    if entry is None or not entry.enabled:
        raise UnknownProvider(provider_id, [each.id for each in known.providers if each.enabled])
    return entry


def _providers(use_db: bool) -> Mapping[str, LLMProvider]:
    """Those that are switched on, in selection order, made once for each snapshot."""
    snapshot = _snapshot(use_db)
    made_of, made = _made.get(use_db, (None, {}))
    if made_of is not snapshot:
        made = {
            entry.id: LLMProvider(entry.id, entry.name, _model_ids(entry), entry.limits, use_db)
            for entry in snapshot.providers
            if entry.enabled
        }
        _made[use_db] = (snapshot, made)
    return made


def _model_ids(entry: ProviderEntry) -> tuple[str, ...]:
    return tuple(model.model_id for model in model_order(entry))


def _route(provider_id: str, model_id: str | None, use_db: bool) -> Route:
    entry = _entry(provider_id, use_db)
    if why := provider_exclusion(entry):
        raise MissingKey(provider_id, why)
    models = model_order(entry, model_id)
    if not models or (model_id is not None and models[0].model_id != model_id):
        raise UnknownModel(provider_id, model_id, _model_ids(entry))
    return Route(entry, models[0])


def _refuse_event_loop() -> None:
    """Before there is a coroutine that nobody would await."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise InsideEventLoop


def _messages(prompt: Prompt) -> tuple[Message, ...]:
    if isinstance(prompt, str):
        return (Message("user", prompt),)
    if not isinstance(prompt, list | tuple) or not prompt:
        raise UnusablePrompt(
            'Give the prompt as a text, or as a list of messages such as [{"role": "user", "content": "..."}].'
        )
    return tuple(_message(place, given) for place, given in enumerate(prompt, start=1))


def _message(place: int, given: Message | Mapping[str, Any]) -> Message:
    if isinstance(given, Message):
        given = {"role": given.role, "content": given.content}
    if not isinstance(given, Mapping) or set(given) != {"role", "content"}:
        raise UnusablePrompt(f"Message {place} must be a Message or an object of exactly role and content.")
    if given["role"] not in ROLES:
        raise UnusablePrompt(f"Message {place} has an unknown role. Use one of: {', '.join(ROLES)}.")
    if not isinstance(given["content"], str):
        raise UnusablePrompt(f"Message {place} has a content that is no text. Give a string.")
    return Message(given["role"], given["content"])


async def _call(route: Route, request: CompletionRequest, max_wait_s: float) -> Completion:
    """One call under the shared budgets and breakers, booked like any other."""
    async with open_gateway() as gateway:
        while True:
            admitted = await _admit(gateway, route, request, max_wait_s)
            with suppress(RefusedParameterError):
                return await gateway.send(route, admitted, request)


async def _admit(gateway: Gateway, route: Route, request: CompletionRequest, max_wait_s: float) -> Admitted:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + max_wait_s
    while True:
        decision = await gateway.admit(route, request, patience_s=max(0.0, deadline - loop.time()))
        if isinstance(decision, Admitted):
            return decision
        if decision is not None and loop.time() + decision.wait_s > deadline:
            raise Busy(decision)
        await asyncio.sleep(decision.wait_s if decision else 0)
