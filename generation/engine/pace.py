"""Why nobody can say when a batch will be done, in words. Pure."""


def without_end(status: str, missing: int, *, is_at_cap: bool = False) -> str:
    """Empty where nothing more is to come."""
    match status:
        case "pending":
            return "waiting for a worker"
        case "paused":
            return "waiting for a higher cap" if is_at_cap else "waiting for a route that can work"
        case "running":
            return "not known" if missing else "the last results are being saved"
    return ""
