"""The routes that a lane's items walk: by the newest configuration, and by the caps and the urgency that the batch has
now."""

from generation.engine.caps import Spend
from generation.engine.planning.ordered import choice_of
from generation.models import Batch
from generation.worker.items import spending
from generation.worker.items.batches import BatchState
from providers.configuration.snapshot import keeper
from providers.routing.config import Snapshot
from providers.routing.estimates import Estimates
from providers.routing.route import Route, chain


class LaneRoutes:
    """``chain`` is the same object while nothing changes."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._snapshot = keeper.current(fresh=True)
        self.chain: tuple[Route, ...] = chain(self._snapshot, choice_of(batch))

    @property
    def installation(self) -> str:
        return self._snapshot.installation

    def take_up(self, snapshot: Snapshot, state: BatchState) -> bool:
        """Whether that changed anything.

        A person may have stopped the batch, capped it, and resumed it, all between two looks.
        """
        batch = self._batch
        known = (batch.urgency, (batch.token_cap, batch.cost_cap))
        if snapshot is self._snapshot and (state.urgency, state.caps) == known:
            return False
        batch.urgency, (batch.token_cap, batch.cost_cap) = state.urgency, state.caps
        self._snapshot = snapshot
        self.chain = chain(snapshot, choice_of(batch))
        return True

    def per_item(self, estimates: Estimates) -> Spend:
        """What one more item will probably spend."""
        return spending.per_item(self._batch, self.chain, estimates)
