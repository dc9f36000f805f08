"""What limits vendors name, as one process hears it, until it is written down."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from providers.llm.types import Counted, Endpoint, LimitFact
from providers.routing.route import Route


@dataclass(frozen=True, slots=True)
class Told:
    """A limit that a vendor has named, for a model at the address where it did."""

    provider_id: str
    model_id: str
    adapter: str
    base_url: str
    unit: Counted
    window_s: int
    amount: int
    told_by: str


@dataclass(slots=True)
class ToldLimits:
    """``news`` is what was heard and is not written down yet: each limit once, and again where it is another one."""

    news: list[Told] = field(default_factory=list)
    _known: dict[tuple[Endpoint, str, str, int], int] = field(default_factory=dict)

    def hear(self, route: Route, facts: Iterable[LimitFact]) -> None:
        for told in told_of(route, facts):
            place = (route.endpoint, told.model_id, told.unit, told.window_s)
            if self._known.get(place) != told.amount:
                self._known[place] = told.amount
                self.news.append(told)


def told_of(route: Route, facts: Iterable[LimitFact]) -> Iterator[Told]:
    """Of what names no amount or no window, nothing can be told."""
    provider = route.provider
    at = (provider.id, route.model.model_id, provider.adapter, provider.base_url)
    for fact in facts:
        if fact.limit and fact.window_s:
            yield Told(*at, fact.unit, fact.window_s, fact.limit, fact.told_by)
