"""What one process has learnt of models that refuse a parameter, until the snapshot says it too."""

from dataclasses import dataclass, field, replace

from providers.llm.adaptation import Adaptations, merged, next_adaptation
from providers.llm.errors import ErrorKind, Fault
from providers.llm.phrase import request_body
from providers.llm.types import CompletionRequest, ModelFacts
from providers.routing.route import Route


@dataclass(frozen=True, slots=True)
class Learnt:
    """Forms that a model has answered to, at the address where it did."""

    provider_id: str
    model_id: str
    adapter: str
    base_url: str
    adaptations: Adaptations

    @classmethod
    def of(cls, route: Route, adaptations: Adaptations) -> "Learnt":
        provider = route.provider
        return cls(provider.id, route.model.model_id, provider.adapter, provider.base_url, adaptations)

    @property
    def place(self) -> tuple[str, ...]:
        return (self.provider_id, self.model_id, self.adapter, self.base_url)


@dataclass(slots=True)
class _Known:
    """``told`` is what is among the news; from version ``until`` on the snapshot knows better."""

    adaptations: Adaptations
    told: Adaptations = field(default_factory=dict)
    until: int | None = None


@dataclass(slots=True)
class Adapting:
    """``news`` is what was learnt, proved by an answer and not stored yet: whoever has the database takes it away."""

    news: list[Learnt] = field(default_factory=list)
    _known: dict[tuple[str, ...], _Known] = field(default_factory=dict)

    def facts(self, route: Route) -> ModelFacts:
        """The facts with which to phrase the next request for the route."""
        known = self._current(route) if self._known else None
        if known is None:
            return route.facts
        return replace(route.facts, adaptations=merged(route.facts.adaptations, known.adaptations))

    def refused(self, route: Route, sent: ModelFacts, request: CompletionRequest, fault: Fault) -> bool:
        """Adapt to the refusal of a request phrased for ``sent``. True where it would go out in another form now."""
        if fault.kind is not ErrorKind.BAD_REQUEST or not fault.parameter:
            return False
        step = next_adaptation(sent, request_body(sent, request), fault.parameter)
        if not step:
            return False
        known = self._current(route) or _Known({})
        known.adaptations = merged(known.adaptations, merged(sent.adaptations, step))
        self._known[Learnt.of(route, {}).place] = known
        return True

    def answered(self, route: Route, sent: ModelFacts) -> None:
        """A request phrased for ``sent`` was answered: what it was adapted to is proved."""
        known = self._current(route) if self._known else None
        if known is None or sent.adaptations in (route.facts.adaptations, known.told):
            return
        known.told = sent.adaptations
        self.news.append(Learnt.of(route, sent.adaptations))

    def stored(self, learnt: Learnt, version: int) -> None:
        """It stands in the configuration from that version on, or was not wanted there."""
        known = self._known.get(learnt.place)
        if known is not None and known.told == learnt.adaptations:
            known.until = version

    def _current(self, route: Route) -> _Known | None:
        known = self._known.get(Learnt.of(route, {}).place)
        return None if known is None or (known.until is not None and route.version >= known.until) else known
