"""How long a batch will take, in words. Pure."""


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


def roughly(seconds: float) -> str:
    """As long as a person would say it takes: "40 s", "12 min", "3 h 20 min", "2 days"."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{round(hours / 24)} days"


def latency(milliseconds: float) -> str:
    """In two digits, which is as much as is known: "450 ms", "1.2 s", "34 s"."""
    if milliseconds < 995:
        return f"{float(f'{milliseconds:.2g}'):.0f} ms"
    seconds = milliseconds / 1000
    return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"
