"""What keeps calls from leaving, as people are told it: what is so, what to do, and what mends it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from providers.connection.words import ADVICE
from providers.llm.errors import ErrorKind
from providers.routing.admission import Obstacle, ScopeState
from providers.routing.explaining.explanation import ExplainedRoute, Explanation, Reason
from providers.routing.explaining.words import OBSTACLE_ADVICE, failing_words
from providers.routing.limits.budget import EVERYTHING
from providers.routing.route import Exclusion, Route

REMEDIES: Mapping[str, str] = {
    "enabled": "Switch it on",
    "api_key": "Enter the key",
    "base_url": "Check the base URL",
    "model_id": "Check the model's id",
    "context_window": "Check its context window",
    "extra_config": "Check its extra settings",
    "input_price": "Enter its prices",
    "requests_per_minute": "Change the limit",
    "tokens_per_minute": "Change the limit",
    "requests_per_day": "Change the limit",
    "limits": "Change the limit",
    "max_concurrency": "Raise its ceiling of calls at once",
    "pacing": "Change its pacing",
    "limits_scope": "Say whose the limits are",
}
"""The field that decides -> what a person does there."""
SETTINGS: Mapping[ErrorKind, str] = {
    ErrorKind.AUTH: "api_key",
    ErrorKind.CONNECTION: "base_url",
    ErrorKind.NOT_FOUND: "model_id",
    ErrorKind.BAD_REQUEST: "extra_config",
    ErrorKind.CONTEXT_LENGTH: "context_window",
}
"""The field that a failure speaks against; none where it lies with the vendor."""
FAILING = "failing"
OUTAGES = frozenset({FAILING, str(Obstacle.SUSPENDED)})
OF_PROVIDER = frozenset({"api_key", "base_url"})
OF_MODEL = frozenset({"model_id", "context_window"})


@dataclass(frozen=True, slots=True)
class Trouble:
    """``scope`` is the provider, or provider/model, that it is about; ``kind`` the failure behind a suspension.

    ``remedy`` names what a person does at ``setting``, a field of the provider or model ``at``; all empty where there
    is nothing to set. ``can_end`` where a person may end it at once, by trying again. Without ``wait_s`` it has no
    known end.
    """

    code: str
    scope: str
    words: str
    advice: str = ""
    kind: ErrorKind | None = None
    wait_s: float | None = None
    setting: str = ""
    at: str = ""
    can_end: bool = False

    @property
    def remedy(self) -> str:
        return REMEDIES.get(self.setting, "")


def troubles_of(explanation: Explanation, states: Mapping[str, ScopeState]) -> tuple[Trouble, ...]:
    """What keeps the explained routes from being called, each thing once: outages, then the longest waits.

    Where no route is in the chain at all, why the others are not.
    """
    tried = [each for each in explanation.routes if each.place is not None]
    found: dict[str, Trouble] = {}
    for each in tried or explanation.routes:
        troubles = [trouble_of(reason, states.get(reason.scope)) for reason in each.reasons]
        for trouble in [*troubles, *(_failing(states[scope]) for scope in each.route.scopes if scope in states)]:
            if trouble is not None:
                # A scope that is suspended is not told to be failing as well.
                found.setdefault(f"{trouble.scope}:{_sort(trouble)}", _named(trouble, each.route))
    return tuple(sorted(found.values(), key=_weight))


def _failing(state: ScopeState) -> Trouble | None:
    """Its suspension has run out, and no call has succeeded since."""
    if not state.half_open or state.kind is None:
        return None
    setting, at = _setting(state.kind, state.scope)
    return Trouble(FAILING, state.scope, failing_words(state), advice(state.kind), state.kind, None, setting, at)


def _sort(trouble: Trouble) -> str:
    return "outage" if trouble.code in OUTAGES else trouble.code


def _named(trouble: Trouble, route: Route) -> Trouble:
    """Its words name a provider, but say "the model" of a model, and begin with what has failed."""
    is_of_provider = trouble.scope == route.provider.id
    if trouble.scope == EVERYTHING:
        return trouble
    name = route.provider.name if is_of_provider else f"{route.provider.name} {route.model.model_id}"
    if trouble.code == FAILING:
        return replace(trouble, words=f"{name} {trouble.words}")
    return trouble if is_of_provider else replace(trouble, words=f"{name}: {trouble.words}")


def scopes_of(explained: Iterable[ExplainedRoute]) -> list[str]:
    """Those of routes in the chain, whose failures are worth asking the store for."""
    return list(dict.fromkeys(scope for each in explained if each.place is not None for scope in each.route.scopes))


def suspended_scopes(explained: Iterable[ExplainedRoute]) -> list[str]:
    """Those behind whose suspension there is a failure."""
    reasons = (reason for each in explained for reason in each.reasons)
    return list(dict.fromkeys(reason.scope for reason in reasons if reason.kind is Obstacle.SUSPENDED))


def trouble_of(reason: Reason, state: ScopeState | None = None) -> Trouble:
    """``state`` is that of the reason's scope: a suspension is mended according to the failure behind it."""
    if reason.kind is not Obstacle.SUSPENDED:
        words, setting = reason.words, reason.setting
        told = OBSTACLE_ADVICE.get(reason.kind, "") if isinstance(reason.kind, Obstacle) else ""
        return Trouble(reason.code, reason.scope, words, told, None, reason.wait_s, setting, reason.scope)
    kind = state.kind if state else None
    setting, at = _setting(kind, reason.scope)
    return Trouble(
        reason.code, reason.scope, reason.words, advice(kind), kind, reason.wait_s, setting, at, can_end=True
    )


def failure_of(scope: str, kind: ErrorKind, words: str, *, is_suspended: bool) -> Trouble:
    """The last failure of a scope."""
    setting, at = _setting(kind, scope)
    return Trouble(kind, scope, words, advice(kind), kind, None, setting, at, can_end=is_suspended)


def advice(kind: ErrorKind | None) -> str:
    """What a person does about such a failure: as after a test of the connection."""
    return ADVICE[kind].remedy if kind else ""


def _setting(kind: ErrorKind | None, scope: str) -> tuple[str, str]:
    """The field that such a failure speaks against, and of which provider or model it is."""
    setting, is_model = SETTINGS.get(kind, "") if kind else "", "/" in scope
    if not setting or (setting in OF_MODEL and not is_model):
        return "", ""
    return setting, scope.partition("/")[0] if setting in OF_PROVIDER else scope


def _weight(trouble: Trouble) -> tuple[bool, float]:
    """Outages, and what only a person ends, in the order of trying; of the rest the longest wait first."""
    is_outage = trouble.code in OUTAGES or trouble.code in list(Exclusion)
    return not is_outage, 0.0 if is_outage else -(trouble.wait_s or 0.0)
