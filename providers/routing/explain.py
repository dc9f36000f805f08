"""Why an order's routes are tried in their order: values in, values out.

The order is that of ``chain``, what stands in the way is what the shared store says, and who is called is what
``forecast`` works out of both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from providers.llm.phrase import response_format
from providers.llm.types import JSONSchema
from providers.routing.admission import Obstacle, Outlook, Refused
from providers.routing.budget import MINUTE_S, Bucket, Unit
from providers.routing.call import is_priced
from providers.routing.config import Snapshot
from providers.routing.forecast import Forecast, forecast, lets_out_within
from providers.routing.policy import SHORT_S, WhenFull, patience_s
from providers.routing.route import Exclusion, Route, RouteChoice, chain, left_out, start_model, wanted_provider
from providers.routing.wire import CHANGED_REASON, REST_REASON

ANY_SCHEMA = JSONSchema("answer", {"type": "object"})
UNITS = ((86_400.0, "d"), (3600.0, "h"), (60.0, "min"))
AT_ONCE_S = 0.05
TYPICAL_TOKENS = 2000
"""Of a prompt and its answer, where nobody says how many."""


class Verdict(StrEnum):
    """IN_LINE: the item stands in its line first, and leaves there if a call comes back in time."""

    NEXT = "next"
    IN_LINE = "in_line"
    FOLLOWS = "follows"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Question:
    """An order as far as it decides on routes, and the tokens that one call takes.

    ``schema``: an answer by JSON schema is wanted. ``priced_only``: the order has a cap in money.
    """

    choice: RouteChoice = field(default_factory=RouteChoice)
    when_full: WhenFull = WhenFull.AUTO
    tokens: int = TYPICAL_TOKENS
    schema: bool = True
    priced_only: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """What stands in the way of a route: ``scope`` names the provider or the route that it is about.

    ``wait_s`` is when it ends by itself, None where only a person can end it; a place that is taken has no known end.
    ``setting`` is that of the provider or model with which a person could end it; empty where there is none.
    """

    code: Exclusion | Obstacle
    words: str
    scope: str
    wait_s: float | None = None
    setting: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One route. ``place`` counts from 1 in the order of trying; two words say why it stands there: its provider
    among providers, the model among the provider's. None and empty where it is in no chain."""

    route: Route
    verdict: Verdict
    place: int | None = None
    provider_because: str = ""
    model_because: str = ""
    reasons: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """``at_s`` is when the next route is called, or when it is worth looking again where there is none.

    ``unknown`` says why suspensions and budgets are not known; empty where they are.
    """

    steps: tuple[Step, ...]
    summary: str
    at_s: float | None = None
    unknown: str = ""

    @property
    def next(self) -> Step | None:
        return next((step for step in self.steps if step.verdict is Verdict.NEXT), None)


def asked_routes(snapshot: Snapshot, question: Question) -> tuple[Route, ...]:
    """The chain that the order's items walk."""
    routes = chain(snapshot, question.choice)
    return tuple(route for route in routes if is_priced(route.model)) if question.priced_only else routes


def explain(
    snapshot: Snapshot, question: Question, outlooks: Sequence[Outlook] | None, unknown: str = ""
) -> Explanation:
    """``outlooks`` are those of the asked routes, in their order; None where they are not known, for a reason."""
    routes = asked_routes(snapshot, question)
    known = outlooks if outlooks is not None else [Outlook()] * len(routes)
    coming = forecast(known, question.when_full)
    steps = [
        Step(
            route,
            _verdict(place, outlook, coming, question.when_full),
            place + 1,
            _provider_because(snapshot, route, question.choice),
            _model_because(snapshot, route, question.choice),
            tuple(_obstacle(route, refused, outlook, question.tokens) for refused in outlook.obstacles),
            tuple(_notes(route, question)),
        )
        for place, (route, outlook) in enumerate(zip(routes, known, strict=True))
    ]
    is_known = outlooks is not None
    return Explanation(
        (*steps, *_excluded(snapshot, question)),
        _summary(snapshot, steps, coming, is_known=is_known),
        coming.at_s if routes and is_known else None,
        unknown,
    )


def _verdict(place: int, outlook: Outlook, coming: Forecast, when_full: WhenFull) -> Verdict:
    if place == coming.place:
        return Verdict.NEXT
    if place in coming.lines:
        return Verdict.IN_LINE
    # After a fault at the next route the item walks on at once: it then waits where the rest of the chain lets it.
    patience = min(SHORT_S, patience_s(when_full, ()))
    if coming.place is not None and place > coming.place and lets_out_within(outlook, patience):
        return Verdict.FOLLOWS
    return Verdict.SKIPPED


def _excluded(snapshot: Snapshot, question: Question) -> Iterator[Step]:
    for route, why in left_out(snapshot):
        yield Step(route, Verdict.SKIPPED, reasons=(_exclusion(route, why),))
    if question.priced_only:
        for route in chain(snapshot, question.choice):
            if not is_priced(route.model):
                yield Step(route, Verdict.SKIPPED, reasons=(_exclusion(route, Exclusion.NOT_PRICED),))


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
    name, provider_id = route.provider.name, route.provider.id
    match why:
        case Exclusion.PROVIDER_OFF:
            return Reason(why, f"{name} is switched off", provider_id, setting="enabled")
        case Exclusion.NO_KEY:
            return Reason(why, f"{name} has no API key", provider_id, setting="api_key")
        case Exclusion.KEY_UNREADABLE:
            return Reason(why, f"The key of {name} cannot be decrypted", provider_id, setting="api_key")
        case Exclusion.MODEL_OFF:
            return Reason(why, "The model is switched off", route.key, setting="enabled")
    words = "Its prices are not known, and under a cost cap only models with both prices are called"
    return Reason(why, words, route.key, setting="input_price")


def _obstacle(route: Route, refused: Refused, outlook: Outlook, tokens: int) -> Reason:
    is_of_provider = refused.scope == route.provider.id
    name, setting = route.provider.name if is_of_provider else "The model", ""
    wait, wait_s = duration(refused.wait_s), refused.wait_s
    match refused.obstacle:
        case Obstacle.SUSPENDED:
            setting = "api_key" if is_of_provider else "enabled"
            words = f"{name} is suspended for {wait}: {refused.reason}"
            if refused.half_open:
                words = f"{name} was suspended ({refused.reason}), and one call is finding out whether it works again"
        case Obstacle.HELD if refused.reason in (CHANGED_REASON, REST_REASON):
            words = f"{name} rests for {wait}: {refused.reason}"
        case Obstacle.HELD:
            words = f"{name} asked to wait {wait}: {refused.reason}"
        case Obstacle.BUSY:
            is_ceiling = is_of_provider and refused.reason == str(route.provider.max_concurrency)
            setting = "max_concurrency" if is_ceiling else ""
            words = f"{name} has all {refused.reason} calls in flight that it may have now"
            return Reason(refused.obstacle, words, refused.scope, None, setting)
        case Obstacle.OVER_BUDGET:
            spent, setting = _budget(refused.bucket, outlook, tokens)
            words = f"{name} is over budget for {wait}: {spent}"
    return Reason(refused.obstacle, words, refused.scope, wait_s, setting)


def _budget(bucket: Bucket | None, outlook: Outlook, tokens: int) -> tuple[str, str]:
    """What is used of it, and the setting that decides."""
    if bucket is None:
        return "a limit is reached", ""
    used, cost = outlook.used.get(bucket, 0), bucket.cost(tokens)
    if used + cost <= bucket.limit:
        return "its calls are spread evenly over the time", "pacing" if bucket.is_smooth else ""
    window = "minute" if bucket.window_s == MINUTE_S else "day"
    needed = f", and a call needs {cost:,}" if bucket.unit is Unit.TOKENS else ""
    return f"{used:,} of {bucket.limit:,} {bucket.unit} per {window} are used{needed}", f"{bucket.unit}_per_{window}"


def _notes(route: Route, question: Question) -> Iterator[str]:
    window = route.model.context_window
    if window is not None and question.tokens > window:
        yield (
            f"Its context window of {window:,} tokens is smaller than this call: it is asked all the same, the vendor "
            "will refuse, and that counts as a fault of the item"
        )
    if not question.schema:
        return
    how = (response_format(route.facts, ANY_SCHEMA) or {}).get("type")
    if how == "json_object":
        yield "It cannot take a JSON schema: it is asked in JSON mode, with the schema in the prompt"
    elif how is None:
        yield "It is asked for JSON by the words of the prompt alone"


def _summary(snapshot: Snapshot, steps: Sequence[Step], coming: Forecast, *, is_known: bool) -> str:
    if not steps:
        nothing = "No route can be tried: each one below says why."
        return nothing if any(provider.models for provider in snapshot.providers) else "There is no model yet."
    if not is_known:
        return f"By the configuration alone {steps[0].route.key} is tried first."
    in_line = next((step.route.key for step in steps if step.verdict is Verdict.IN_LINE), None)
    if coming.place is not None:
        called = f"{steps[coming.place].route.key} {_when(coming.at_s)}"
        if in_line:
            return f"The next call goes to {in_line} if a place comes free there in time, else to {called}."
        return f"The next call goes to {called}."
    if in_line:
        return f"All places are taken. The next call goes to the first that comes free; {in_line} is waited for first."
    return f"No route can go now. It is worth looking again in {duration(coming.at_s)}."


def _when(at_s: float) -> str:
    return "at once" if at_s < AT_ONCE_S else f"in {duration(at_s)}"


def duration(seconds: float) -> str:
    """In the largest unit of which there are two, whole ones rounded up: a wait is never told too short."""
    for size, unit in UNITS:
        if seconds >= 2 * size:
            return f"{-(-seconds // size):.0f} {unit}"
    return f"{seconds:.1f} s" if 0 < seconds < 2 else f"{-(-seconds // 1):.0f} s"
