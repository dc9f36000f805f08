"""An estimate in plain sentences, for pages and the terminal."""

from collections.abc import Iterator, Sequence

from generation.engine.estimates.estimate import CapReach, Estimate, Range
from generation.engine.estimates.jobs import Bound
from generation.engine.estimates.spread import Spread
from providers.routing.explaining.durations import unit_of
from providers.routing.explaining.money import NOT_KNOWN, money
from providers.routing.limits.budget import EVERYTHING, Bucket
from providers.routing.route import Route

SHOWN_SHARE = 0.01
NAMED_MAX = 4


def name_of(route: Route) -> str:
    return f"{route.provider.name}: {route.model.display_name or route.model.model_id}"


def time_words(seconds: Range) -> str:
    """``about 40 min``, or ``12 to 18 min``; in the unit of the longer one."""
    unit = unit_of(seconds.high)
    low, high = (max(1, _rounded(each / unit.seconds)) for each in (seconds.low, seconds.high))
    return f"about {unit.told(high)}" if low == high else f"{low:,} to {unit.told(high)}"


def token_words(tokens: Range) -> str:
    """``1.2 to 1.6 M tokens``."""
    return f"{_pair(tokens)} tokens"


def cost_words(cost: Range) -> str:
    """``$0.84 to $1.10``."""
    low, high = _money(cost.low), _money(cost.high)
    return f"about {high}" if low == high else f"{low} to {high}"


def whole_cost_words(estimate: Estimate) -> str:
    """The cost as far as it is known: of a part of the routes it is the least that the order costs."""
    if estimate.cost is None:
        return NOT_KNOWN
    return f"{cost_words(estimate.cost)} and more" if estimate.unpriced else cost_words(estimate.cost)


def count_words(number: float) -> str:
    """Two digits of it: an estimate pretends no more."""
    return f"{_rounded(number):,}"


def limit_of(estimate: Estimate) -> str:
    """What keeps it from being faster: ``30 requests a minute of Groq``; empty where nothing is known."""
    return bound_words(estimate.bound, estimate.waits_for, [route for route, _ in estimate.routes])


def bound_words(bound: Bound | None, waits_for: Bucket | None, routes: Sequence[Route]) -> str:
    """The limit for which everything waits, or else what holds the calls up for longest."""
    if waits_for is not None:
        return limit_words(waits_for, _owner(routes, waits_for))
    if bound is None:
        return ""
    route = next((route for route in routes if route.key == bound.key), None)
    if bound.bucket is not None:
        return limit_words(bound.bucket, route)
    calls = f"{bound.calls_at_once} call{'' if bound.calls_at_once == 1 else 's'} at once"
    return f"how fast {name_of(route)} answers, with {calls}" if route else calls


def limit_words(bucket: Bucket, route: Route | None) -> str:
    return f"{bucket.words} of {_owner_words(bucket, route)}"


def _owner_words(bucket: Bucket, route: Route | None) -> str:
    if bucket.key == EVERYTHING:
        return "all providers together"
    if route is None:
        return bucket.key
    return route.provider.name if bucket.key == route.provider.id else name_of(route)


def days_words(estimate: Estimate) -> str:
    """What a limit for which everything waits makes of it; empty where there is none."""
    if estimate.waits_for is None:
        return ""
    until = f"it goes on into day {estimate.days:,}, and waits" if estimate.days > 1 else "it waits"
    return f"{limit_of(estimate)} are all, so {until} in between by itself."


def _owner(routes: Sequence[Route], bucket: Bucket) -> Route | None:
    return next((route for route in routes if bucket.key in (route.key, route.provider.id)), None)


def basis_words(estimate: Estimate, days: int) -> str:
    if not estimate.calls:
        return "No calls yet: from the length of the prompts and the usual answer of each type."
    calls = "1 call" if estimate.calls == 1 else f"{estimate.calls:,} calls"
    return f"From {calls} of the last {days} days."


def price_words(estimate: Estimate) -> str:
    """What to say of routes whose prices are not known; empty where all are."""
    if not estimate.unpriced:
        return ""
    names = ", ".join(name_of(route) for route in estimate.unpriced[:NAMED_MAX])
    more = len(estimate.unpriced) - NAMED_MAX
    names += f" and {more} more" if more > 0 else ""
    if estimate.cost is None:
        return f"No prices are known of {names}."
    return f"Without the part of {names}, whose prices are not known."


def share_words(estimate: Estimate) -> str:
    """Who makes how much of it, where more than one does."""
    shown = [(route, share) for route, share in estimate.routes if share >= SHOWN_SHARE][:NAMED_MAX]
    if len(estimate.routes) < 2:
        return ""
    parts = ", ".join(f"{name_of(route)} about {share:.0%}" for route, share in shown)
    return f"{parts}; the rest elsewhere." if sum(share for _, share in shown) < 1 - SHOWN_SHARE else f"{parts}."


def cap_words(estimate: Estimate) -> Iterator[tuple[str, str]]:
    """Cap field -> that it is too low for the whole order."""
    for field, noun, reach in (
        ("token_cap", "token cap", estimate.token_cap),
        ("cost_cap", "cost cap", estimate.cost_cap),
    ):
        if reach is not None:
            yield field, _reach_words(noun, reach)


def _reach_words(noun: str, reach: CapReach) -> str:
    if not reach.after:
        return f"The {noun} leaves no room for even one sample."
    number = f"{count_words(reach.after)} sample{'' if reach.after == 1 else 's'}"
    if reach.is_sure:
        return f"The {noun} is reached after about {number}. The batch pauses there."
    return f"The {noun} may be reached before the end, after {number} or more. The batch would pause there."


def _pair(span: Range) -> str:
    for size, suffix in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if span.high >= size:
            low, high = (f"{_rounded(number / size, fine=True):g}" for number in (span.low, span.high))
            return f"about {high}{suffix}" if low == high else f"{low} to {high}{suffix}"
    low, high = count_words(span.low), count_words(span.high)
    return f"about {high}" if low == high else f"{low} to {high}"


def _money(value: float) -> str:
    """Three digits above one, two below: an estimate pretends no more."""
    return money(value, digits=3 if value >= 1 else 2)


def _rounded(number: float, *, fine: bool = False) -> float | int:
    """Two digits of a large number; of a small one the whole number, or with ``fine`` two digits too."""
    if number <= 0:
        return 0
    if number < 10 and not fine:
        return round(number)
    rounded = float(f"{number:.2g}")
    return rounded if fine and rounded < 100 else round(rounded)


def sentences(estimate: Estimate, days: int) -> Iterator[str]:
    """The whole estimate, a line each."""
    limit = limit_of(estimate)
    if estimate.seconds is None:
        yield "It never gets done: the limits let nothing through."
    else:
        yield f"Time: {time_words(estimate.seconds)}{f', limited by {limit}' if limit else ''}."
    yield f"Tokens: {token_words(estimate.tokens).removesuffix(' tokens')}."
    yield f"Cost: {whole_cost_words(estimate)}."
    for sentence in (price_words(estimate), days_words(estimate), share_words(estimate)):
        if sentence:
            yield sentence
    for _, sentence in cap_words(estimate):
        yield sentence
    yield basis_words(estimate, days)


def topic_words(spread: Spread) -> str:
    """``75 topics, 13 or 14 each``; where there are fewer samples than topics, how many of them."""
    of = f"{spread.topics} of " if spread.topics < spread.topics_chosen else ""
    fewest, most = spread.fewest_per_topic, spread.most_per_topic
    each = f"{most:,}" if fewest == most else f"{fewest:,} or {most:,}"
    return f"{of}{spread.topics_chosen} topic{'' if spread.topics_chosen == 1 else 's'}, {each} each"


def spread_lines(spread: Spread) -> Iterator[str]:
    yield f"Topics: {topic_words(spread)}."
    for name, shares in (
        ("Jurisdictions", spread.jurisdictions),
        ("Difficulties", spread.difficulties),
        ("Sample types", spread.sample_types),
    ):
        yield f"{name}: {', '.join(f'{share.name} {share.count:,}' for share in shares)}."
