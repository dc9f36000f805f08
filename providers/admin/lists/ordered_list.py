"""What the changes in place ask of the list whose rows they change."""

from typing import Any, Protocol

from django.http import HttpRequest

from providers.actions import Moved
from providers.configuration.positions import Positions
from providers.models import Model, Provider

Row = Provider | Model


class OrderedList(Protocol):
    """An ordered list of the admin: how its ids are read, and which action places a row."""

    @property
    def model(self) -> Any: ...

    def parse_id(self, value: str) -> Any:
        """Raises RefusalError."""

    def place(self, pk: Any, *, only_from: str | None, exactly: bool, **neighbour: Any) -> Moved: ...

    def order_of(self, row: Any) -> Positions:
        """Where every row of this one's group stands now."""

    def offer(self, request: HttpRequest, row: Any, start: Any) -> dict[str, Any]:
        """What a row may want that was dropped above the one that comes first."""

    def url_of(self, suffix: str) -> str: ...
