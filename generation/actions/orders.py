"""What an order is, and what is wrong with one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain

from generation.actions.cap_rules import cap_errors
from generation.actions.prompts.versions import unfit_order
from generation.engine.planning.order import check_order
from generation.engine.planning.ordered import choice_of, mix_of
from generation.engine.planning.weights import Weights
from providers.configuration import snapshot
from providers.llm.text import storable
from providers.routing.config import ProviderEntry
from providers.routing.explaining.words import exclusion_words
from providers.routing.limits.urgency import URGENCIES, Urgency
from providers.routing.policy import WhenFull
from providers.routing.route import Exclusion, provider_exclusion
from samples import vocabulary
from samples.taxonomy import Taxonomy

UNCONFIRMED_MAX = 100_000
CONFIRMED_MAX = 10_000_000
INSTRUCTION_MAX = 4_000
ITEM_BUDGET = 6
ITEM_BUDGET_MAX = 50
NAMED_MAX = 20
QUOTED_MAX = 60
SEED_MAX = 2**31 - 1
REMEDIES: Mapping[Exclusion, str] = {
    Exclusion.PROVIDER_OFF: "Switch it on",
    Exclusion.NO_KEY: "Enter one",
    Exclusion.KEY_UNREADABLE: "Enter it anew",
}


@dataclass(frozen=True, slots=True)
class BatchOrder:
    """What a person asks for; empty means automatic, or all of the taxonomy."""

    count: int
    provider: str = ""
    model: str = ""
    jurisdictions: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    difficulties: tuple[str, ...] = ()
    sample_types: tuple[str, ...] = ()
    instruction: str = ""
    prompt_version: int | None = None
    item_budget: int = ITEM_BUDGET
    seed: int | None = None
    weights: Weights = field(default_factory=dict)
    when_full: str = WhenFull.AUTO.value
    urgency: str = Urgency.NORMAL.word
    token_cap: int | None = None
    cost_cap: Decimal | None = None
    confirmed: bool = False


def order_errors(order: BatchOrder, known: Taxonomy | None = None) -> dict[str, str]:
    """Field -> why ``start_batch`` would refuse the order; empty where it would not. By the taxonomy of now, where none
    is given."""
    mix_errors = check_order(mix_of(order), known or vocabulary.current()).items()
    checks = (_size_errors, _route_errors, _setting_errors, _prompt_errors)
    return dict(chain(mix_errors, *(check(order) for check in checks)))


def _size_errors(order: BatchOrder) -> Iterator[tuple[str, str]]:
    if order.count < 1:
        yield "count", "Ask for at least 1 sample."
    elif order.count > CONFIRMED_MAX:
        yield "count", f"One batch holds at most {CONFIRMED_MAX:,} samples. Start several smaller ones."
    elif order.count > UNCONFIRMED_MAX and not order.confirmed:
        yield (
            "count",
            f"More than {UNCONFIRMED_MAX:,} at once must be confirmed (API: confirm true, command: --yes).",
        )
    if not 1 <= order.item_budget <= ITEM_BUDGET_MAX:
        yield "item_budget", f"Give a number from 1 to {ITEM_BUDGET_MAX}."
    if len(order.instruction) > INSTRUCTION_MAX:
        yield "instruction", f"Keep it under {INSTRUCTION_MAX} characters; it is sent with every prompt."
    if storable(order.instruction) != order.instruction.strip():
        yield "instruction", "It holds a NUL or a broken character, which cannot be stored. Remove it."
    if order.seed is not None and not 0 <= order.seed <= SEED_MAX:
        yield "seed", f"Give a number from 0 to {SEED_MAX}, or leave it out."


def _route_errors(order: BatchOrder) -> Iterator[tuple[str, str]]:
    """The provider and model asked for must exist and be able to serve; without any, some provider must."""
    configuration = snapshot.load()
    usable = [provider for provider in configuration.providers if provider_exclusion(provider) is None]
    asked = [provider for provider in usable if provider.id == order.provider or not order.provider]
    if order.provider and not asked:
        yield "provider", _why_unusable(configuration.provider(order.provider), order.provider, usable)
    elif not usable:
        yield "provider", "No provider is on and has its key. Enter a key in the admin under Providers, or by the API."
    elif order.model:
        offered = [model.model_id for provider in asked for model in provider.models if model.enabled]
        if order.model not in offered:
            place = order.provider or "any provider that is on and has its key"
            known = ", ".join(offered[:NAMED_MAX]) or "none is on"
            yield "model", f"'{order.model}' is not an enabled model of {place}. Choose one of: {known}."


def _setting_errors(order: BatchOrder) -> Iterator[tuple[str, str]]:
    if order.when_full not in list(WhenFull):
        yield "when_full", f"Choose one of: {', '.join(WhenFull)}."
    yield from urgency_errors(order.urgency)
    yield from cap_errors(order.token_cap, order.cost_cap, choice_of(order))


def _prompt_errors(order: BatchOrder) -> Iterator[tuple[str, str]]:
    if unfit := unfit_order(order.prompt_version):
        yield "prompt_version", unfit


def urgency_errors(word: str) -> Iterator[tuple[str, str]]:
    if word not in URGENCIES:
        yield "urgency", f"There is no urgency '{word[:QUOTED_MAX]}'. Choose one of: {', '.join(URGENCIES)}."


def _why_unusable(provider: ProviderEntry | None, provider_id: str, usable: list[ProviderEntry]) -> str:
    names = ", ".join(entry.id for entry in usable)
    others = f"Usable now: {names}; left empty, the choice is automatic." if usable else "None is usable now."
    if provider is None:
        return f"There is no provider '{provider_id}'. {others}"
    why = provider_exclusion(provider)
    told = f"{exclusion_words(why, provider.name)}. {REMEDIES[why]}, or choose" if why else "Choose"
    return f"{told} another provider. {others}"
