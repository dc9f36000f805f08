"""The scripts and the oracle give the same answers to the same random history, step by step, to the millisecond."""

import asyncio
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from providers.calling.store import scripts
from providers.routing.admission import StoreLost
from providers.routing.limits.ramp import COLD_CALLS
from providers.tests.calling.store.histories import LOSE, Call, History
from providers.tests.calling.store.store_rig import Clock, Rig, in_memory, on_redis
from providers.tests.calling.store.themes import THEMES

STEPS = 250


async def answer_of(rig: Rig, name: str, call: Call) -> Any:
    if name == LOSE:
        await rig.lose_data()
    try:
        return await call(rig.store)
    except StoreLost:
        return "lost"


async def difference(theme: str, seed: int, change: Callable[[str], str] = str) -> str:
    """Where the two begin to differ; empty where they never do. ``change`` alters the scripts."""
    clock, trail = Clock(), []
    history = History(Random(f"{theme} {seed}"), clock, THEMES[theme])
    async with in_memory(COLD_CALLS, clock) as oracle, on_redis(COLD_CALLS, clock, change) as redis:
        for _ in range(STEPS):
            name, call = history.next()
            expected, answer = [await answer_of(rig, name, call) for rig in (oracle, redis)]
            trail.append(name)
            if expected != answer:
                return f"{theme} {seed}, oracle: {expected}\n redis: {answer}\n after: " + "\n ".join(trail[-12:])
            history.heard(answer)
    return ""


@pytest.mark.redis
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("seed", range(3))
def test_scripts_and_oracle_answer_alike(theme, seed):
    assert not asyncio.run(difference(theme, seed))


CHANGES = {
    "a window": ("bucket.span - now", "bucket.span - now + 1"),
    "a word of the vendor": ("bucket.limit - used(bucket) - left", "bucket.limit - left"),
    "an opening": ("2 ^ (openings - 1)", "2 ^ openings"),
    "a probe": ("HDEL', name, 'probe', 'probe_until', 'asked_at'", "HDEL', name, 'asked_at'"),
    "a strike": ("2 ^ (strikes - 1)", "2 ^ strikes"),
    "a renewal": ("'GT', now + RULES.lease", "'GT', now"),
    "a suspension": ("wait > 0 and not (probes_provider and is_outage)", "wait > 0"),
    "a call that waits": ("now + waits_for, op.id", "now + RULES.give_way, op.id"),
    "a call that goes elsewhere": ("or wait > op.patience", ""),
    "a call that waited": ("seen.is_shared and op.owners", "op.is_test and op.owners"),
    "a share": ("op.urgency), 1, op.party", "op.urgency), 2, op.party"),
    "where one is outranked": ("ipairs(op.owners) do\n    for urgency", "ipairs(op.scopes) do\n    for urgency"),
    "where shares are kept": ("ipairs(seen.is_shared and op.owners", "ipairs(seen.is_shared and op.scopes"),
    "what a busy call waits for": ("if not lacking(op, limits) then", "if true then"),
    "a lead": ("mine - RULES.lead", "mine - RULES.lead - 1"),
    "a newcomer": ("or most, op.party", "or 0, op.party"),
    "who left": ("there(owner, urgency), '-inf', now", "there(owner, urgency), '-inf', 0"),
    "who waits no more": ("tonumber(ends) > now", "true"),
    "the last call of a party": ("ZREVRANGE', calls_waiting", "ZRANGE', calls_waiting"),
    "a late call": ("op.at + op.lag", "op.at + 0"),
    "a grain": ("math.ceil(at / bucket.grain)", "math.floor(at / bucket.grain)"),
    "a period's end": ("if at < finish then", "if at > finish then"),
    "a moment before it": ("rest <= RULES.margin + RULES.horizon and rest", "false and rest"),
    "what a lump gives back": ("elseif op.is_known then", "elseif true then"),
}


@pytest.mark.redis
@pytest.mark.parametrize("what", CHANGES)
def test_a_script_that_is_changed_is_found_out(what):
    old, new = CHANGES[what]
    assert old in scripts.load("ops", "{}").text
    runs = (difference(theme, seed, lambda text: text.replace(old, new)) for seed in range(3) for theme in THEMES)
    assert any(asyncio.run(run) for run in runs)
