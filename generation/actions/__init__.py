"""What people do with batches, whoever asks: admin, API, command.

``start_batch``, ``resume_batch`` and ``set_urgency`` raise ValidationError with a message per field; BatchConflict
where the batch is in no state for what was asked.
"""

from generation.actions.batches import (
    BatchConflict,
    resume_batch,
    retry_failed,
    set_urgency,
    start_batch,
    stop_batch,
)
from generation.actions.orders import (
    CONFIRMED_MAX,
    ITEM_BUDGET,
    ITEM_BUDGET_MAX,
    SEED_MAX,
    UNCONFIRMED_MAX,
    BatchOrder,
    order_errors,
)

__all__ = [
    "CONFIRMED_MAX",
    "ITEM_BUDGET",
    "ITEM_BUDGET_MAX",
    "SEED_MAX",
    "UNCONFIRMED_MAX",
    "BatchConflict",
    "BatchOrder",
    "order_errors",
    "resume_batch",
    "retry_failed",
    "set_urgency",
    "start_batch",
    "stop_batch",
]
