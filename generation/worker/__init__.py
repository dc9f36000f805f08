"""How items get done: places, claims under leases, lanes of calls, results saved in groups."""
