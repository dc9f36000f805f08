"""Explains the order of routes as it is now: the newest configuration, and what the shared store says of it."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from providers.calling import shared_store
from providers.configuration.snapshot import keeper
from providers.routing.admission import StoreLost, StoreUnavailable, Unknown
from providers.routing.config import Snapshot
from providers.routing.estimates import typical
from providers.routing.explaining.explanation import TYPICAL_TOKENS, Explanation, Question, explain
from providers.routing.limits.urgency import URGENCIES, Urgency
from providers.routing.policy import WhenFull
from providers.routing.route import RouteChoice, chain

logger = logging.getLogger(__name__)

TOKENS_MAX = 10_000_000
NAMED_MAX = 20
NO_NUMBER = f"Give a number of tokens from 1 to {TOKENS_MAX:,}."
DIGITS_MAX = 12
FLAGS: Mapping[str, bool] = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class AskedOrder:
    """What somebody asks about, in their words; empty is automatic."""

    provider: str = ""
    model: str = ""
    when_full: str = WhenFull.AUTO.value
    tokens: int = TYPICAL_TOKENS
    schema: bool = True
    priced_only: bool = False
    urgency: str = Urgency.NORMAL.word


def read_order(query: Mapping[str, str]) -> AskedOrder:
    """The order that a query string asks about; what is empty is left as it is usual. Raises ValidationError."""
    usual = {field.name: field.default for field in fields(AskedOrder)}
    if unknown := sorted(set(query) - set(usual)):
        raise ValidationError({name: f"There is no such parameter. Use: {', '.join(usual)}." for name in unknown})
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, text in query.items():
        word = text.strip()
        if word:
            try:
                values[name] = READERS[type(usual[name])](word)
            except ValueError as error:
                errors[name] = str(error)
    if errors:
        raise ValidationError(errors)
    return AskedOrder(**values)


def read_flag(word: str) -> bool:
    try:
        return FLAGS[word.lower()]
    except KeyError:
        raise ValueError(f"'{word}' is neither true nor false. Use true or false.") from None


def read_number(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) <= DIGITS_MAX):
        raise ValueError(NO_NUMBER)
    return int(word)


READERS: Mapping[type, Callable[[str], Any]] = {str: str, bool: read_flag, int: read_number}


def explain_order(order: AskedOrder) -> Explanation:
    """One look at the configuration's version and one trip to the store. Raises ValidationError, by field."""
    snapshot = keeper.current(fresh=True)
    if errors := order_errors(snapshot, order):
        raise ValidationError(errors)
    question = Question(
        RouteChoice(order.provider or None, order.model or None, order.priced_only),
        WhenFull(order.when_full),
        order.tokens,
        order.schema,
    )
    urgency = Urgency.of(order.urgency)
    admissions = [route.admission(typical(order.tokens), urgency=urgency) for route in chain(snapshot, question.choice)]
    try:
        return explain(snapshot, question, shared_store.outlook(admissions) if admissions else ())
    except StoreLost:
        return explain(snapshot, question, Unknown.EMPTY)
    except StoreUnavailable:
        logger.warning("The shared store is away: routes are explained by the configuration alone.")
        return explain(snapshot, question, Unknown.AWAY)


def order_errors(snapshot: Snapshot, order: AskedOrder) -> dict[str, str]:
    """Field -> what is wrong there, and what there is to choose from."""
    errors = {}
    provider = snapshot.provider(order.provider)
    if order.provider and provider is None:
        known = ", ".join(entry.id for entry in snapshot.providers)
        errors["provider"] = f"There is no provider '{order.provider}'. Known: {known or 'none'}."
    elif order.model:
        among = snapshot.providers if provider is None else (provider,)
        known_models = list(dict.fromkeys(model.model_id for entry in among for model in entry.models))
        if order.model not in known_models:
            where = f" of {provider.id}" if provider else ""
            more = f" and {len(known_models) - NAMED_MAX} more" if len(known_models) > NAMED_MAX else ""
            named = ", ".join(known_models[:NAMED_MAX]) or "none"
            errors["model"] = f"There is no model '{order.model}'{where}. Known: {named}{more}."
    if order.when_full not in list(WhenFull):
        errors["when_full"] = f"There is no '{order.when_full}'. Choose one of: {', '.join(WhenFull)}."
    if order.urgency not in URGENCIES:
        errors["urgency"] = f"There is no '{order.urgency}'. Choose one of: {', '.join(URGENCIES)}."
    if not 1 <= order.tokens <= TOKENS_MAX:
        errors["tokens"] = NO_NUMBER
    return errors


def ends_at(wait_s: float | None) -> datetime | None:
    return None if wait_s is None else timezone.now() + timedelta(seconds=wait_s)
