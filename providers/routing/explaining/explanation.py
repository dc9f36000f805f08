"""Why an order's routes are tried in their order: values in, values out.

The order is that of ``chain``, what stands in the way is what the shared store says, and who is called is what
``forecast`` works out of both.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from providers.llm.phrase import request_body
from providers.llm.types import CompletionRequest, JSONSchema
from providers.routing.admission import Obstacle, Outlook, Refused, Unknown
from providers.routing.config import Snapshot, limit_name
from providers.routing.estimates import typical
from providers.routing.explaining.durations import at_least
from providers.routing.explaining.forecast import RouteForecast, forecast, lets_out_within
from providers.routing.explaining.words import OVERALL, UNKNOWN, exclusion_words, obstacle_words
from providers.routing.limits.budget import EVERYTHING
from providers.routing.policy import SHORT_S, WhenFull, patience_s
from providers.routing.route import (
    Exclusion,
    Route,
    RouteChoice,
    chain,
    left_out,
    start_model,
    unpriced,
    wanted_provider,
)

JSON_REQUEST = CompletionRequest((), JSONSchema("answer", {"type": "object"}))
AT_ONCE_S = 0.05
TYPICAL_TOKENS = 2000
"""Of a prompt and its answer, where nobody says how many."""
EXCLUSION_SETTINGS: Mapping[Exclusion, tuple[bool, str]] = {
    Exclusion.PROVIDER_OFF: (True, "enabled"),
    Exclusion.NO_KEY: (True, "api_key"),
    Exclusion.KEY_UNREADABLE: (True, "api_key"),
    Exclusion.MODEL_OFF: (False, "enabled"),
    Exclusion.NOT_PRICED: (False, "input_price"),
}
"""Whether it is about the provider, and the field with which a person ends it."""


class Turn(StrEnum):
    """IN_LINE: the item stands in its line first, and leaves there if a call comes back in time."""

    NEXT = "next"
    IN_LINE = "in_line"
    FOLLOWS = "follows"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Question:
    """An order as far as it decides on routes, and the tokens that one call takes.

    ``schema``: an answer by JSON schema is wanted.
    """

    choice: RouteChoice = field(default_factory=RouteChoice)
    when_full: WhenFull = WhenFull.AUTO
    tokens: int = TYPICAL_TOKENS
    schema: bool = True


@dataclass(frozen=True, slots=True)
class Reason:
    """What stands in the way of a route: ``scope`` names the provider or the route that it is about.

    ``wait_s`` is when it ends by itself, None where only a person can end it; a place that is taken has no known end.
    ``setting`` is that of the provider or model with which a person could end it; empty where there is none.
    """

    kind: Exclusion | Obstacle
    words: str
    scope: str
    wait_s: float | None = None
    setting: str = ""

    @property
    def code(self) -> str:
        return self.kind.code if isinstance(self.kind, Obstacle) else self.kind.value


@dataclass(frozen=True, slots=True)
class ExplainedRoute:
    """One route. ``place`` counts from 1 in the order of trying; two words say why it stands there: its provider
    among providers, the model among the provider's. None and empty where it is in no chain."""

    route: Route
    turn: Turn
    place: int | None = None
    provider_because: str = ""
    model_because: str = ""
    reasons: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """``at_s`` is when the next route is called, or when it is worth looking again where there is none.

    ``lack`` is why suspensions and budgets are not known; None where they are.
    """

    routes: tuple[ExplainedRoute, ...]
    summary: str
    at_s: float | None = None
    lack: Unknown | None = None

    @property
    def unknown(self) -> str:
        """``lack`` in words; empty where there is none."""
        return UNKNOWN[self.lack] if self.lack else ""

    @property
    def next(self) -> ExplainedRoute | None:
        return next((each for each in self.routes if each.turn is Turn.NEXT), None)


def explain(snapshot: Snapshot, question: Question, outlooks: Sequence[Outlook] | Unknown) -> Explanation:
    """``outlooks`` are those of the chain, in its order, or why they are not known."""
    routes = chain(snapshot, question.choice)
    lack = outlooks if isinstance(outlooks, Unknown) else None
    known = [Outlook()] * len(routes) if isinstance(outlooks, Unknown) else outlooks
    coming = forecast(known, question.when_full)
    explained = [
        ExplainedRoute(
            route,
            _turn(place, outlook, coming, question.when_full),
            place + 1,
            _provider_because(snapshot, route, question.choice),
            _model_because(snapshot, route, question.choice),
            tuple(_obstacle(route, refused, outlook, question.tokens) for refused in outlook.obstacles),
            tuple(_notes(route, question)),
        )
        for place, (route, outlook) in enumerate(zip(routes, known, strict=True))
    ]
    return Explanation(
        (*explained, *_excluded(snapshot, question.choice)),
        _summary(snapshot, explained, coming, is_known=lack is None),
        coming.at_s if routes and lack is None else None,
        lack,
    )


def _turn(place: int, outlook: Outlook, coming: RouteForecast, when_full: WhenFull) -> Turn:
    if place == coming.place:
        return Turn.NEXT
    if place in coming.lines:
        return Turn.IN_LINE
    # After a fault at the next route the item walks on at once: it then waits where the rest of the chain lets it.
    patience = min(SHORT_S, patience_s(when_full, ()))
    if coming.place is not None and place > coming.place and lets_out_within(outlook, patience):
        return Turn.FOLLOWS
    return Turn.SKIPPED


def _excluded(snapshot: Snapshot, choice: RouteChoice) -> Iterator[ExplainedRoute]:
    for route, why in left_out(snapshot):
        yield ExplainedRoute(route, Turn.SKIPPED, reasons=(_exclusion(route, why),))
    for route in unpriced(snapshot, choice):
        yield ExplainedRoute(route, Turn.SKIPPED, reasons=(_exclusion(route, Exclusion.NOT_PRICED),))


# --- words -------------------------------------------------------------------
def _provider_because(snapshot: Snapshot, route: Route, choice: RouteChoice) -> str:
    if route.provider.id == wanted_provider(snapshot, choice):
        return "asked for" if choice.provider_id else "has the model asked for"
    return f"order {[entry.id for entry in snapshot.providers].index(route.provider.id)} among providers"


def _model_because(snapshot: Snapshot, route: Route, choice: RouteChoice) -> str:
    provider, name = route.provider, route.model.model_id
    if name == choice.model_id and provider.id == wanted_provider(snapshot, choice):
        return "asked for"
    if name == start_model(provider):
        return "champion" if name == provider.champion_model else "default"
    return f"priority {[model.model_id for model in provider.models].index(name)}"


def _exclusion(route: Route, why: Exclusion) -> Reason:
    is_of_provider, setting = EXCLUSION_SETTINGS[why]
    scope = route.provider.id if is_of_provider else route.key
    return Reason(why, exclusion_words(why, route.provider.name), scope, setting=setting)


def _obstacle(route: Route, refused: Refused, outlook: Outlook, tokens: int) -> Reason:
    name = {route.provider.id: route.provider.name, EVERYTHING: OVERALL}.get(refused.scope, "The model")
    used = outlook.used.get(refused.bucket, 0) if refused.bucket else None
    wait_s = None if refused.obstacle.ends_with_a_call else refused.wait_s
    words = obstacle_words(refused, name, used, route.amounts(typical(tokens)))
    return Reason(refused.obstacle, words, refused.scope, wait_s, _setting(route, refused))


def _setting(route: Route, refused: Refused) -> str:
    """The field with which a person could end it; empty where there is none."""
    is_of_provider, bucket = refused.scope == route.provider.id, refused.bucket
    match refused.obstacle:
        case Obstacle.SUSPENDED:
            return "api_key" if is_of_provider else "enabled"
        case Obstacle.IN_DOUBT:
            return "limits_scope"
        case Obstacle.BUSY if is_of_provider and refused.allowed == route.provider.max_concurrency:
            return "max_concurrency"
        case Obstacle.PACED if bucket and bucket.is_smooth:
            return "pacing"
        case Obstacle.OVER_BUDGET if bucket:
            return "limits" if bucket.key == EVERYTHING else limit_name(bucket.unit, bucket.window)
    return ""


def _notes(route: Route, question: Question) -> Iterator[str]:
    window = route.model.context_window
    if window is not None and question.tokens > window:
        yield (
            f"Its context window of {window:,} tokens is smaller than this call: a prompt that does not fit is not "
            "sent there, and an answer that does not fit is cut off"
        )
    if not question.schema:
        return
    wanted = request_body(route.facts, JSON_REQUEST).get("response_format")
    how = wanted.get("type") if isinstance(wanted, Mapping) else None
    if how == "json_object":
        yield "It cannot take a JSON schema: it is asked in JSON mode, with the schema in the prompt"
    elif how is None:
        yield "It is asked for JSON by the words of the prompt alone"


def _summary(snapshot: Snapshot, explained: Sequence[ExplainedRoute], coming: RouteForecast, *, is_known: bool) -> str:
    if not explained:
        nothing = "No route can be tried: each one below says why."
        return nothing if any(provider.models for provider in snapshot.providers) else "There is no model yet."
    if not is_known:
        return f"By the configuration alone {explained[0].route.key} is tried first."
    waited_for = next((each for each in explained if each.turn is Turn.IN_LINE), None)
    in_line = waited_for.route.key if waited_for else None
    if coming.place is not None:
        called = f"{explained[coming.place].route.key} {_when(coming.at_s)}"
        if in_line:
            return f"The next call goes to {in_line} if a place comes free there in time, else to {called}."
        return f"The next call goes to {called}."
    if waited_for:
        return f"{_taken(waited_for)} The next call goes to the first that comes free; {in_line} is waited for first."
    return f"No route can go now. It is worth looking again in {at_least(coming.at_s)}."


def _taken(waited_for: ExplainedRoute) -> str:
    kinds = {reason.kind for reason in waited_for.reasons}
    if Obstacle.OUTRANKED in kinds:
        return "A more urgent batch goes first."
    return "Another batch goes first." if Obstacle.OVER_SHARE in kinds else "All places are taken."


def _when(at_s: float) -> str:
    return "at once" if at_s < AT_ONCE_S else f"in {at_least(at_s)}"
