"""How a batch's status and progress look, wherever they are shown."""

from collections.abc import Mapping
from typing import Any

from generation.choices import BatchStatus
from generation.models import Batch

STATUS_VARIANTS: Mapping[str, str] = {
    BatchStatus.PENDING: "info",
    BatchStatus.RUNNING: "primary",
    BatchStatus.PAUSED: "warning",
    BatchStatus.COMPLETED: "success",
    BatchStatus.COMPLETED_WITH_FAILURES: "warning",
    BatchStatus.FAILED: "danger",
}


def status_context(batch: Batch) -> dict[str, Any]:
    return {"batch": batch, "variant": STATUS_VARIANTS.get(batch.status, "")}


def shares(batch: Batch) -> dict[str, float]:
    """Done and failed in percent of what was asked for, for the bar."""
    return {"done_share": 100 * batch.generated / batch.count, "failed_share": 100 * batch.failed / batch.count}
