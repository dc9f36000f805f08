"""On what a lane waits, in words: the outages of its routes first, then what has been waited for longest. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from providers.routing.admission import ScopeState
from providers.routing.explaining.words import outage_words
from providers.routing.policy import Waiting

NAMED_MAX = 3


def longest(waits: Iterable[Waiting], in_work: int) -> Waiting | None:
    """The wait that has lasted longest; None where not every item in work waits."""
    found = list(waits)
    if not in_work or sum(wait.count for wait in found) < in_work:
        return None
    return min(found, key=lambda wait: wait.since)


def outages(states: Mapping[str, ScopeState]) -> list[ScopeState]:
    """The scopes whose calls have failed so often that they wait for one to succeed, providers before their models.

    The models of a provider that is out are not told of as well.
    """
    out = {scope: state for scope, state in states.items() if state.is_suspended or state.half_open}
    return [state for scope, state in sorted(out.items()) if "/" not in scope or scope.partition("/")[0] not in out]


def waiting_words(down: Sequence[ScopeState], wait: Waiting) -> str:
    """An outage is not hidden by a shorter wait for a limit."""
    told = [outage_words(state) for state in down[:NAMED_MAX]]
    more = len(down) - NAMED_MAX
    told += [f"{more} more are suspended"] if more > 0 else []
    return "; ".join(dict.fromkeys([*told, wait.reason]))
