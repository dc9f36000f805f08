"""Why no call leaves, in words for people: a clause without its full stop, as every page and message tells it."""

from collections.abc import Mapping

from providers.routing.admission import Obstacle, Refused, ScopeState, Unknown
from providers.routing.explaining.durations import at_least
from providers.routing.limits.amounts import NOTHING, Amounts, Unit, number_words
from providers.routing.limits.budget import EVERYTHING, Bucket
from providers.routing.route import Exclusion

UNKNOWN: Mapping[Unknown, str] = {
    Unknown.AWAY: (
        "Redis is away: suspensions and budgets are not known now, and no call leaves until it is back. This is the "
        "order by the configuration alone."
    ),
    Unknown.EMPTY: (
        "Redis holds no data yet: nothing is known of suspensions, and what was called before is counted anew "
        "before the next call leaves. This is the order by the configuration alone."
    ),
}
EXCLUSIONS: Mapping[Exclusion, str] = {
    Exclusion.PROVIDER_OFF: "{provider} is switched off",
    Exclusion.NO_KEY: "{provider} has no API key",
    Exclusion.KEY_UNREADABLE: "The key of {provider} cannot be decrypted",
    Exclusion.MODEL_OFF: "The model is switched off",
    Exclusion.NOT_PRICED: (
        "Its prices are not known, and under a cost cap or a limit in money only models with both prices are called"
    ),
}
OBSTACLES: Mapping[Obstacle, str] = {
    Obstacle.SUSPENDED: "{name} is suspended for {wait}: {reason}",
    Obstacle.OUTDATED: "{name} rests for {wait}: its configuration changed a moment ago",
    Obstacle.HELD: "{name} asked to wait {wait}: {reason}",
    Obstacle.RESTING: (
        "{name} rests for {wait}: Redis had lost its data, and short limits rest until their window has passed"
    ),
    Obstacle.BUSY: "{name} has all {allowed} calls in flight that it may have now",
    Obstacle.IN_DOUBT: "{name} waits: one call is finding out whether the whole account is full",
    Obstacle.OVER_BUDGET: "{name} is over budget for {wait}: {spent}",
    Obstacle.PACED: "{name} spreads its calls evenly over the time: the next one may leave in {wait}",
    Obstacle.OUTRANKED: "{name} lets a more urgent batch go first",
    Obstacle.OVER_SHARE: "{name} lets a batch go first that had fewer calls lately",
}
OBSTACLE_ADVICE: Mapping[Obstacle, str] = {
    Obstacle.OUTRANKED: "It goes on as soon as the other one needs less; made as urgent, it takes turns with it."
}
"""What a person does about an obstacle; none where it ends by itself or a setting decides."""
OVERALL = "This installation"
HALF_OPEN = "{name} was suspended ({reason}), and one call is finding out whether it works again"


def exclusion_words(why: Exclusion, provider: str) -> str:
    """``provider`` is its name."""
    return EXCLUSIONS[why].format(provider=provider)


def obstacle_words(refused: Refused, name: str = "", used: int | None = None, amounts: Amounts = NOTHING) -> str:
    """``name`` is what people call the scope. ``used``: what counts in the budget now, where a call takes
    such ``amounts``; None where that is not known."""
    words = HALF_OPEN if refused.half_open else OBSTACLES[refused.obstacle]
    return words.format(
        name=name or (OVERALL if refused.scope == EVERYTHING else refused.scope),
        wait=at_least(refused.wait_s),
        reason=refused.reason,
        allowed=refused.allowed,
        spent=_spent(refused.bucket, used, amounts),
    )


def reason_words(refused: Refused) -> str:
    """For a list that names the scopes by itself: of a suspension the failure alone, which several may share."""
    return refused.reason if refused.obstacle is Obstacle.SUSPENDED else obstacle_words(refused)


def outage_words(state: ScopeState) -> str:
    """Of a scope whose calls have failed so often that they wait for one to succeed."""
    return f"{state.scope} is suspended: {state.reason.rstrip('.')}"


def failing_words(state: ScopeState) -> str:
    """Of a scope whose suspension has run out, with no success since; whose name goes before."""
    times = "once" if state.failures == 1 else f"{state.failures} times in a row"
    return f"failed {times}, and the next call finds out whether it works again: {state.reason}"


def _spent(bucket: Bucket | None, used: int | None, amounts: Amounts) -> str:
    if bucket is None:
        return "a limit is reached"
    if used is None:
        return f"its limit of {bucket.words} is reached"
    costs = number_words(bucket.unit, bucket.cost(amounts))
    needed = "" if bucket.unit is Unit.REQUESTS else f", and a call needs {costs}"
    return f"{number_words(bucket.unit, used)} of {bucket.words} are used{needed}"
