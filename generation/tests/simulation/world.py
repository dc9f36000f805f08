"""Providers and models of many kinds, as their vendors know them and as they stand in the configuration."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from generation.tests.simulation.vendors import WINDOWS, Behaviour, Meter, VendorModel
from providers.llm.errors import ErrorKind, Fault
from providers.routing.config import Limits, ModelEntry, ProviderEntry, Snapshot

Amounts = Mapping[str, int]
NONE: Amounts = {}
LATENCIES_S = (0.2, 1.0, 4.0, 12.0, 30.0)
REVOKED = Fault(ErrorKind.AUTH, 401, detail="the key is revoked")
DOWN = Fault(ErrorKind.SERVER, 503, detail="down")
GONE = Fault(ErrorKind.NOT_FOUND, 404, detail="no such model")


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of provider: what the account allows, and each of its models. Where ``per_model``, there is no account.

    ``dead`` is how all of its models fail for ever, ``away`` when they do so for a time.
    """

    account: Amounts = field(default_factory=dict)
    model: Amounts = field(default_factory=dict)
    per_model: bool = False
    is_smooth: bool = False
    fails: float = 0.0
    dead: Fault | None = None
    away: tuple[float, float] = (0.0, float("inf"))


KINDS = (
    Kind(account={"requests_per_minute": 240}),
    Kind(model={"requests_per_minute": 60}, per_model=True),
    Kind(account={"requests_per_minute": 150}, model={"tokens_per_minute": 30_000}),
    Kind(account={"tokens_per_minute": 150_000}, model={"requests_per_minute": 45}),
    Kind(account={"requests_per_minute": 120, "requests_per_day": 600}),
    Kind(account={"requests_per_minute": 200}, is_smooth=True),
    Kind(model={"requests_per_minute": 30, "requests_per_day": 100}, per_model=True),
    Kind(account={"requests_per_minute": 200}, fails=0.1),
    Kind(model={"requests_per_minute": 60}, per_model=True, dead=DOWN, away=(70.0, 110.0)),
    Kind(account={"requests_per_minute": 300}, dead=REVOKED),
    Kind(account={"requests_per_minute": 300}, dead=DOWN),
)


@dataclass(frozen=True, slots=True)
class World:
    """``dead`` are the routes that never answer."""

    snapshot: Snapshot
    models: tuple[VendorModel, ...]
    dead: frozenset[str]


def world(providers: int, models: int) -> World:
    """So many providers of all kinds in turn, each with so many models, one after the other slower."""
    made = [_provider(number, KINDS[number % len(KINDS)], models) for number in range(providers)]
    there = tuple(model for _, theirs in made for model in theirs)
    dead = frozenset(
        model.key for model in there if model.behaviour.dies_of and model.behaviour.away[1] == float("inf")
    )
    return World(Snapshot(1, tuple(entry for entry, _ in made)), there, dead)


def limits_of(amounts: Amounts) -> Limits:
    """Of the fields that WINDOWS names."""
    return Limits(
        requests_per_minute=amounts.get("requests_per_minute"),
        tokens_per_minute=amounts.get("tokens_per_minute"),
        requests_per_day=amounts.get("requests_per_day"),
    )


def _provider(number: int, kind: Kind, count: int) -> tuple[ProviderEntry, list[VendorModel]]:
    name = f"p{number:02}"
    entries = tuple(ModelEntry(f"m{place}", limits=limits_of(kind.model)) for place in range(count))
    entry = ProviderEntry(
        name,
        name,
        "openai",
        "http://127.0.0.1",
        requires_key=False,
        limits=limits_of(kind.account),
        limits_are_per_model=kind.per_model,
        is_smooth=kind.is_smooth,
        models=entries,
    )
    account = tuple(_meters(name, kind.account))
    theirs = [
        VendorModel(
            key := f"{name}/{model.model_id}",
            _behaviour(kind, number, place),
            (*account, *_meters(key, kind.model)),
        )
        for place, model in enumerate(entries)
    ]
    return entry, theirs


def _behaviour(kind: Kind, number: int, place: int) -> Behaviour:
    """Of every third provider one model is gone."""
    latency_s = LATENCIES_S[(number + place) % len(LATENCIES_S)]
    if kind.dead is None and number % 3 == 1 and place == 1:
        return Behaviour(latency_s, GONE)
    return Behaviour(latency_s, kind.dead, kind.away, kind.fails)


def _meters(name: str, amounts: Amounts) -> Iterator[Meter]:
    for field_name, amount in amounts.items():
        unit, window_s = WINDOWS[field_name]
        yield Meter(f"{name} {field_name}", unit, window_s, amount)
