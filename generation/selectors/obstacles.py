"""What keeps a batch's next call from leaving, and what mends it: what its page, the API and *Resume* tell."""

from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError

from generation.models import Batch
from providers.routing.admission import Unknown
from providers.routing.explaining.explanation import Explanation, Turn
from providers.status.explanation import AskedOrder, explain_order
from providers.status.health import states_of
from providers.status.troubles import Trouble, scopes_of, troubles_of

AT_CAP = "at_cap"
NOT_KNOWN = "not_known"
SOON_S = 5.0
NAMED_MAX = 3


@dataclass(frozen=True, slots=True)
class Prospects:
    """``can_go``: a call may leave soon, or when a place comes free. ``troubles`` stand in the way of some routes."""

    explanation: Explanation
    troubles: tuple[Trouble, ...]
    can_go: bool

    @property
    def headline(self) -> str:
        return self.explanation.summary if self.can_go or self.explanation.next else "No call can leave now."

    @property
    def words(self) -> str:
        """Whether and when a call may leave, and what is in the way."""
        told = [self.headline, *(trouble.words for trouble in self.troubles[:NAMED_MAX])]
        return " ".join(f"{sentence.rstrip('.')}." for sentence in told)


def prospects_of(batch: Batch) -> Prospects:
    """One look at the configuration and two trips to the store."""
    explanation = _explanation(batch)
    troubles = troubles_of(explanation, states_of(scopes_of(explanation.routes)))
    if explanation.lack is Unknown.AWAY:
        return Prospects(explanation, (Trouble(NOT_KNOWN, "", explanation.unknown), *troubles), can_go=False)
    if batch.is_at_cap:
        return Prospects(explanation, (Trouble(AT_CAP, "", batch.status_reason),), can_go=False)
    return Prospects(explanation, troubles, _can_go(explanation))


def _can_go(explanation: Explanation) -> bool:
    if explanation.lack:  # the store is empty: it is filled before the first call leaves
        return any(each.place is not None for each in explanation.routes)
    is_soon = explanation.next is not None and (explanation.at_s or 0.0) <= SOON_S
    return is_soon or any(each.turn is Turn.IN_LINE for each in explanation.routes)


def _explanation(batch: Batch) -> Explanation:
    """As for an order of its kind; where what it asks for is gone, as for one that leaves the choice open."""
    order = AskedOrder(when_full=batch.when_full, priced_only=batch.cost_cap is not None, urgency=batch.urgency_word)
    try:
        return explain_order(replace(order, provider=batch.provider, model=batch.model))
    except ValidationError:
        return explain_order(order)
