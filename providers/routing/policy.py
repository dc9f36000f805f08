"""What an item does where its preferred route is full and another one could go: how long it stands in which line."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from providers.routing.admission import Obstacle, Refused
from providers.routing.config import ModelEntry

SHORT_S = 3.0  # so long an item waits at routes in all before it only looks at the others, and waits for the soonest
PATIENCE_S = 65.0  # as long as a minute's budget may ask for; a longer wait makes the item go back
SLACK_S = 1.0  # others may be served first when the wait is over


class WhenFull(StrEnum):
    """AUTO: stay while the wait is short, else use the next route. STAY: wait for the preferred route as long as its
    minute's limit may ask. SPILL: use the next route at once."""

    AUTO = "auto"
    STAY = "stay"
    SPILL = "spill"


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many items wait for the same thing, the first of them since ``since`` by the clock of time.monotonic."""

    reason: str
    since: float
    count: int = 1


def patience_s(when_full: WhenFull, refused: Sequence[Refused], stood_s: float = 0.0) -> float:
    """How long to stand in the next line, after these and ``stood_s`` in their lines: the first one that is not
    suspended is the preferred one."""
    if when_full is WhenFull.SPILL:
        return 0.0
    is_preferred = all(each.obstacle is Obstacle.SUSPENDED for each in refused)
    if when_full is WhenFull.STAY and is_preferred:
        return PATIENCE_S
    return max(0.0, SHORT_S - stood_s)


def soonest(refused: Sequence[Refused]) -> int | None:
    """Which of the routes to wait for where all refused; None where every one is suspended or takes too long."""
    waits = [(each.wait_s, place) for place, each in enumerate(refused) if _may_be_waited_for(each)]
    return min(waits)[1] if waits else None


def _may_be_waited_for(refused: Refused) -> bool:
    return refused.obstacle is not Obstacle.SUSPENDED and refused.wait_s <= PATIENCE_S


def until_tried_s(refused: Refused) -> float:
    """When the route may be called again where nothing else can work."""
    return min(refused.wait_s, refused.last_resort_s) if refused.obstacle is Obstacle.SUSPENDED else refused.wait_s


def fits(model: ModelEntry, prompt_tokens: int) -> bool:
    """Whether a prompt of so many tokens leaves room for an answer in the model's context window, where that is
    known."""
    return model.context_window is None or prompt_tokens < model.context_window
