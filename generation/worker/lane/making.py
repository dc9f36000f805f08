"""One item made into a result: its prompt, its way over the routes, and what its end means."""

import asyncio
import logging
from typing import Protocol

from generation.engine.produce import Produced, produce
from generation.engine.prompts import build_request
from generation.models import Batch, Item
from generation.worker.items.checks import check_of
from generation.worker.items.specs import spec_of
from generation.worker.results.saving import OWN_ERROR, Failed, HandedBack, Result
from providers.calling.failover import Failover, Observer
from providers.calling.gateway import Gateway
from providers.llm.types import Completion
from providers.routing.call import Call
from providers.routing.outcomes import AtCap, BudgetUsedUp, NoRoute, PutBack, Stopped, TooLong
from providers.routing.policy import WhenFull
from providers.routing.route import Route
from providers.routing.tried_routes import TriedRoutes
from samples.quality.draft import Draft
from samples.quality.findings import Finding

logger = logging.getLogger(__name__)


class Surroundings(Protocol):
    """What an item needs of its lane."""

    @property
    def batch(self) -> Batch: ...

    @property
    def gateway(self) -> Gateway: ...

    @property
    def observer(self) -> Observer: ...

    def chain(self) -> tuple[Route, ...]:
        """By the newest configuration: the same object while nothing changes."""

    async def pause(self, seconds: float, reason: str) -> bool:
        """Sit out a wait; False where the lane stopped first."""

    def may_call(self) -> bool:
        """Whether a further call may leave."""

    async def may_spend(self, item: Item) -> bool:
        """Whether the batch's caps leave room for one more call of an item in work."""

    def arrived(self, item: Item, call: Call, faults: int, completion: Completion | None) -> None:
        """A call for the item is back; it had so many faults before."""

    def no_route(self, outcome: NoRoute) -> None:
        """Nobody needs to go on before a route can work again."""

    def put_back(self, outcome: PutBack) -> None:
        """An item goes back for a while."""


async def make(item: Item, lane: Surroundings) -> Result:
    """Whatever comes of it, the calls that were made for it are in the result."""
    failover = Failover(
        lane.gateway,
        lane.chain,
        lane.batch.item_budget,
        item=str(item.pk),
        label=item.sample_type,
        when_full=WhenFull(lane.batch.when_full),
        tried=TriedRoutes(faults=item.faults),
        pause=lane.pause,
        may_call=lane.may_call,
        may_spend=lambda: lane.may_spend(item),
        observer=lane.observer,
        arrived=lambda call, completion: lane.arrived(item, call, failover.faults, completion),
    )
    end: Draft | Failed | HandedBack = HandedBack()
    flags: tuple[Finding, ...] = ()
    try:
        request = build_request(spec_of(item, lane.batch), lane.batch.taxonomy, lane.batch.instruction)
        match await produce(request, failover, check_of(item)):
            case Produced(draft=end, flags=flags):
                pass
            case BudgetUsedUp(reason=reason):
                end = Failed(reason, is_budget_used_up=True)
            case TooLong(reason=reason):
                end = Failed(reason)
            case NoRoute() as outcome:
                lane.no_route(outcome)
            case PutBack() as outcome:
                lane.put_back(outcome)
                end = HandedBack(outcome.seconds)
            case Stopped() | AtCap():
                pass  # it goes back as it came
    except asyncio.CancelledError:
        logger.warning("batch %s: item %s is handed back, its call is cut off", item.batch_id, item.number)
    except Exception:  # a bug met by one item must not cost the others their results
        logger.exception("batch %s: item %s met an error in legalds itself", item.batch_id, item.number)
        end = Failed(OWN_ERROR)
    return Result(item, tuple(failover.calls), failover.faults, end, flags, was_replaced=item.replaced_at is not None)
