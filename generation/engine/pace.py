"""How long a batch will take, in words. Pure."""

from providers.routing.explaining.durations import roughly


def time_left(status: str, missing: int, per_minute: float | None, *, is_at_cap: bool = False, reason: str = "") -> str:
    """When the rest will be there, or why nobody can say; empty where nothing more is to come. ``reason`` is on what
    everything waits, if it does."""
    match status:
        case "pending":
            return "waiting for a worker"
        case "paused":
            return "waiting for a higher cap" if is_at_cap else "waiting for a route that can work"
        case "running" if not missing:
            return "the last results are being saved"
        case "running" if reason:
            return "waiting"
        case "running":
            return f"about {roughly(60 * missing / per_minute)}" if per_minute else "not known yet"
    return ""
