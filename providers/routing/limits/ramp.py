"""The numbers of how many calls at once a scope may have: few until the first success, doubling, then carefully more.

Slow start and additive increase, multiplicative decrease are TCP's (RFC 5681).
"""

COLD_CALLS = 4
"""A scope of which nothing good is known yet may have so many calls, in flight or failed in a row."""
MOST_CALLS = 4096
LEAP = 4
"""Where limits are known, a good answer may make room for so many times the calls, up to limit x latency (Little's
law), up to what the vendor bore when it last showed that it was too much: a slow model would take minutes to get there
by doubling."""
RECOVERY = 0.1
"""Beyond that, a good answer makes room for so much of a call, up to limit x latency: a tenth more in each round."""
WARM_FOR_MS = 600_000
"""After so long without a call a scope is cold again."""
SLOW = 3.0
"""An answer that takes this many times the usual is no reason for more calls at once."""
NEWS, DRIFT = 0.5, 0.05
"""How fast the usual latency follows a faster answer, and a slower one."""
CUT = 0.7
CUT_EVERY_MS = 1000
"""Calls that fail together speak of one congestion."""
WANTED_FOR_MS = 1000
BUSY_WAIT_MS = 50
"""When to look again for a free place: a call that comes back frees one at no known time."""
