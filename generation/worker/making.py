"""One item made into a result: its prompt, its errand, and what its end means."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from generation.engine.parsing import Draft
from generation.engine.produce import Produced, produce
from generation.engine.prompts import build_request
from generation.models import Batch, Item
from generation.worker.saving import OWN_ERROR, Result
from generation.worker.specs import spec_of
from providers.errand import Errand, Pause, Witness
from providers.gateway import Gateway
from providers.routing.outcomes import GiveUp, Wait
from providers.routing.policy import WhenFull
from providers.routing.route import Route
from providers.routing.walk import Trail

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an item needs of its lane. ``no_route`` is told why no route can work, and when to look again."""

    batch: Batch
    gateway: Gateway
    routes: Callable[[], tuple[Route, ...]]
    pause: Pause
    may_call: Callable[[], bool]
    may_spend: Callable[[Item], Awaitable[bool]]
    no_route: Callable[[str, float | None], None]
    witness: Witness


async def make(item: Item, lane: Surroundings) -> Result:
    """Whatever comes of it, the calls that were made for it are in the result."""
    errand = Errand(
        lane.gateway,
        lane.routes,
        lane.batch.item_budget,
        label=item.sample_type,
        when_full=WhenFull(lane.batch.when_full),
        trail=Trail(faults=item.faults),
        pause=lane.pause,
        may_call=lane.may_call,
        may_spend=lambda: lane.may_spend(item),
        witness=lane.witness,
    )
    draft: Draft | None = None
    failure, retry_after_s = "", 0.0
    try:
        match await produce(build_request(spec_of(item), lane.batch.instruction), errand):
            case Produced(draft=made):
                draft = made
            case GiveUp(exhausted=True, reason=reason):
                failure = reason
            case GiveUp(reason=reason, retry_after_s=wake_after_s):
                lane.no_route(reason, wake_after_s)
            case Wait(seconds=seconds):
                retry_after_s = seconds
    except asyncio.CancelledError:
        logger.warning("batch %s: item %s is handed back, its call is cut off", item.batch_id, item.number)
    except Exception:  # a bug met by one item must not cost the others their results
        logger.exception("batch %s: item %s met an error in legalds itself", item.batch_id, item.number)
        failure = OWN_ERROR
    return Result(item, tuple(errand.calls), errand.faults, draft, failure, retry_after_s)
