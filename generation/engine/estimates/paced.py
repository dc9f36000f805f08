"""What a measured pace says of a job. Pure."""

from dataclasses import replace

from generation.engine.estimates.jobs import Job, Source


def paced(job: Job, samples_per_s: float) -> Job:
    """As many calls at once as made that pace; where limits hold up its first source, the pace tells of them alone."""
    first = next((source for source in job.sources if not source.opens_s), None)
    if first is None:
        return job
    calls = samples_per_s * first.sample_s
    if calls >= job.calls_at_once or _limit_per_s(first) < job.calls_at_once / first.sample_s:
        return job
    return replace(job, calls_at_once=calls)


def _limit_per_s(source: Source) -> float:
    """Samples a second that its limits let through in the long run."""
    rates = (bucket.limit / bucket.window_s / source.takes(bucket) for bucket in source.buckets)
    return min(rates, default=float("inf"))
