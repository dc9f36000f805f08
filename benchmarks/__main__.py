"""All benchmarks, or those that are named: ``python -m benchmarks [--size small] [NAME ...]``."""

from benchmarks.budget import budget
from benchmarks.duplicates import duplicates
from benchmarks.faults import faults
from benchmarks.large import large
from benchmarks.limits import limits
from benchmarks.live import live
from benchmarks.redis_away import redis_away
from benchmarks.rig.harness import main
from benchmarks.scale import scale
from benchmarks.slow import slow
from benchmarks.smooth import smooth
from benchmarks.speed import speed
from benchmarks.tokens import tokens

if __name__ == "__main__":
    main(
        {
            "speed": speed,
            "limits": limits,
            "slow": slow,
            "smooth": smooth,
            "tokens": tokens,
            "budget": budget,
            "faults": faults,
            "live": live,
            "large": large,
            "redis_away": redis_away,
            "duplicates": duplicates,
            "scale": scale,
        }
    )
