"""Asking a vendor whether it works and what it offers: one real call each, at the price of one call.

A person asks, so it goes past suspensions and holds, and to what is switched off; never past budgets and places.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace

from asgiref.sync import async_to_sync

from providers import actions
from providers.calling.adapting import Learnt
from providers.calling.gateway import Gateway, open_gateway
from providers.calling.told_limits import Told, told_of
from providers.catalog.presets import misplaced_key
from providers.configuration.snapshot import load
from providers.connection import words
from providers.connection.address_hints import address_hints
from providers.connection.offered import Offer, compare
from providers.connection.words import Lack, Outcome
from providers.llm.adaptation import in_words
from providers.llm.answers.same_model import other_model
from providers.llm.errors import ErrorKind, Fault, LLMError, RefusedParameterError
from providers.llm.types import Completion, CompletionRequest, JSONSchema, Message
from providers.models import Model, Provider
from providers.routing.admission import Admitted, Refused, StoreUnavailable
from providers.routing.config import ModelEntry, ProviderEntry, Snapshot
from providers.routing.route import DEFAULT_TIMEOUT_S, Route, model_order

TEST_S = 10.0
"""A person waits for it, and so does a worker of the web server."""
PATIENCE_S = 1.0
WORD = JSONSchema(
    "word",
    {
        "type": "object",
        "properties": {"word": {"type": "string"}},
        "required": ["word"],
        "additionalProperties": False,
    },
)
# In the form in which batches ask: a model that refuses a part of that must not pass the test.
QUESTION = CompletionRequest(
    (Message("user", 'Reply with this JSON object and nothing else: {"word": "OK"}'),),
    schema=WORD,
    max_tokens=4096,
    temperature=0.8,
)
NOTHING = Offer()
ADDRESS_MAY_BE_WRONG = frozenset({ErrorKind.NOT_FOUND, ErrorKind.CONNECTION, ErrorKind.SERVER, ErrorKind.BAD_REQUEST})


@dataclass(frozen=True, slots=True)
class Listing:
    """What the vendor offers; ``trouble`` where it could not be asked."""

    offer: Offer = NOTHING
    trouble: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of the question. ``answered``: who says that it answered; empty where nobody says it."""

    outcome: Outcome
    news: tuple[Learnt, ...] = ()
    answered: str = ""
    limits: tuple[Told, ...] = ()


def check_connection(provider_id: str, model_id: str | None = None) -> Outcome:
    """One short question to ``model_id``, else to the model that the provider starts with. It takes 12 s at most.

    A good answer ends the suspension of the model and of its provider. What the model turns out not to take is
    remembered. Raises Provider.DoesNotExist and
    Model.DoesNotExist.
    """
    snapshot = load()
    provider = _provider(snapshot, provider_id)
    model = _model(provider, model_id)
    lack = words.lack_of(provider) or (Lack.NO_MODEL if model is None else None)
    if lack or model is None:
        return words.lacking(lack or Lack.NO_MODEL)
    route = Route(provider, model, snapshot.version)
    asked = async_to_sync(_ask)(route)
    actions.note_limits(asked.limits)
    if asked.news:
        actions.store(asked.news)
    if asked.answered:
        actions.note_answer(provider.id, model.model_id, other_model(model.model_id, asked.answered))
    return _hinted(provider, asked.outcome)


def list_offered(provider_id: str, *, is_seen: bool = True) -> Listing:
    """What the vendor says it has, beside what is here, and noted. It takes 12 s at most. ``is_seen``: by a person.

    Raises Provider.DoesNotExist.
    """
    snapshot = load()
    provider = _provider(snapshot, provider_id)
    if lack := words.lack_of(provider):
        return Listing(trouble=words.lacking(lack))
    listing = async_to_sync(_list)(provider, snapshot.version)
    if listing.trouble:
        return replace(listing, trouble=_hinted(provider, listing.trouble))
    names = [model.model_id for model in listing.offer.models]
    actions.note_list(provider.id, provider.base_url, names, is_seen=is_seen)
    return listing


async def _ask(route: Route) -> Asked:
    model_id = route.model.model_id
    try:
        async with open_gateway() as gateway, asyncio.timeout(TEST_S + PATIENCE_S):
            completion = await _answer(gateway, route)
    except LLMError as error:
        return Asked(words.failed(error.fault, model_id), limits=tuple(told_of(route, error.fault.limits)))
    except StoreUnavailable:
        return Asked(words.lacking(Lack.STORE_AWAY))
    except TimeoutError:  # each call is bounded by itself: there were several, with what the model takes found out
        return Asked(words.failed(Fault(ErrorKind.TIMEOUT, detail=f"No answer within {TEST_S:g} s."), model_id))
    if not isinstance(completion, Completion):
        return Asked(words.not_let_out(completion, model_id) if completion else words.lacking(Lack.STORE_AWAY))
    news = tuple(gateway.adapting.news)
    learnt = tuple(in_words(news[-1].adaptations)) if news else ()
    other = other_model(model_id, completion.model)
    told = tuple(told_of(route, completion.limits))
    worked = words.worked(model_id, completion.latency_s, learnt=learnt, other=other)
    return Asked(worked, news, completion.model, told)


async def _answer(gateway: Gateway, route: Route) -> Completion | Refused | None:
    """Asked again in another form as long as the model refuses a part of the form alone."""
    while True:
        decision = await gateway.admit(route, QUESTION, patience_s=PATIENCE_S, is_test=True)
        if not isinstance(decision, Admitted):
            return decision
        with suppress(RefusedParameterError):
            return await gateway.send(route, decision, QUESTION)


async def _list(provider: ProviderEntry, version: int) -> Listing:
    try:
        async with open_gateway() as gateway:
            told = await gateway.list_models(provider, version, patience_s=PATIENCE_S)
    except LLMError as error:
        return Listing(trouble=words.failed(error.fault))
    except StoreUnavailable:
        return Listing(trouble=words.lacking(Lack.STORE_AWAY))
    if isinstance(told, Refused):
        return Listing(trouble=words.not_let_out(told))
    return Listing(compare(told, (model.model_id for model in provider.models)))


def _hinted(provider: ProviderEntry, outcome: Outcome) -> Outcome:
    """With what speaks for a slip in the address or the key, before the general remedy."""
    hints: list[str] = []
    if outcome.kind in ADDRESS_MAY_BE_WRONG:
        hints = address_hints(provider.base_url, provider.adapter)
    if outcome.kind == ErrorKind.AUTH and (vendor := misplaced_key(provider.api_key or "", provider.base_url)):
        hints = [f"This looks like a key of {vendor}."]
    return replace(outcome, remedy=" ".join([*hints, outcome.remedy])) if hints else outcome


def _provider(snapshot: Snapshot, provider_id: str) -> ProviderEntry:
    """With a timeout that a person would wait for."""
    provider = snapshot.provider(provider_id)
    if provider is None:
        raise Provider.DoesNotExist(f"No provider {provider_id!r}.")
    timeout_s = min(TEST_S, float(provider.extra_config.get("timeout_s", DEFAULT_TIMEOUT_S)))
    return replace(provider, extra_config={**provider.extra_config, "timeout_s": timeout_s})


def _model(provider: ProviderEntry, model_id: str | None) -> ModelEntry | None:
    """One that is switched off too; None where the provider has none at all."""
    if model_id is None:
        ordered = (*model_order(provider), *provider.models)
        return ordered[0] if ordered else None
    found = next((model for model in provider.models if model.model_id == model_id), None)
    if found is None:
        raise Model.DoesNotExist(f"{provider.id} has no model {model_id!r}.")
    return found
