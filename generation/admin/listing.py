"""The cells of the list of batches. Those that change while a batch runs carry an id, by which they are replaced."""

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from generation import standing
from generation.admin.shown import shares, status_context
from generation.choices import ACTIVE
from generation.engine.caps import amount
from generation.models import Batch


class Cells:
    """One method for each column that lives."""

    def status(self, batch: Batch) -> SafeString:
        return self._cell(batch, "status", **status_context(batch))

    def progress(self, batch: Batch) -> SafeString:
        return self._cell(batch, "progress", **shares(batch))

    def pace(self, batch: Batch, speed: float | None = None, *, is_known: bool = False) -> SafeString:
        """Empty at first: the list's numbers of all rows come with its live part, in one query."""
        left = standing.time_left(batch, speed) if is_known else ""
        return self._cell(batch, "pace", per_minute=speed, time_left=left)

    def cost(self, batch: Batch) -> SafeString:
        return self._cell(batch, "cost", cost=amount(batch.cost))

    def _cell(self, batch: Batch, name: str, **context: Any) -> SafeString:
        return render_to_string(f"generation/admin/cell_{name}.html", {"batch": batch, **context})


cells = Cells()


def row_contexts(batches: Sequence[Batch]) -> dict[str, Any]:
    """The rows that live, each with all of its cells. One query."""
    speeds = standing.per_minute(list(batches))
    return {
        "live_rows": [
            {
                "batch": batch,
                "status": cells.status(batch),
                "progress": cells.progress(batch),
                "pace": cells.pace(batch, speeds.get(batch.pk), is_known=True),
                "cost": cells.cost(batch),
            }
            for batch in batches
        ],
        "live_pks": [batch.pk for batch in batches if batch.status in ACTIVE],
    }
