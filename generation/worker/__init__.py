"""How items get done: claims under leases, lanes of calls, results saved in groups."""

from generation.worker.lane import run_lane

__all__ = ["run_lane"]
