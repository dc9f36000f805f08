"""A real Redis whose scripts go by a clock of the test's own, so that no test has to wait until a time is over."""

import hashlib
from collections.abc import Callable
from typing import Any

from redis import exceptions
from redis.asyncio import Redis

# Put before a script: a `redis` of its own, that tells the time of KEYS[1] (ms) and notes in a sorted set beside the
# keys when each of them runs out, by that time. What has run out is gone before the script begins.
CLOCK = """
local server, now_ms, ends = redis, tonumber(KEYS[1]), ARGV[1] .. ':ends'
for _, name in ipairs(server.call('ZRANGE', ends, 0, -1)) do
  if tonumber(server.call('ZSCORE', ends, name)) <= now_ms or server.call('EXISTS', name) == 0 then
    server.call('DEL', name)
    server.call('ZREM', ends, name)
  end
end
local redis = {}
function redis.call(command, name, ...)
  if command == 'TIME' then
    return {math.floor(now_ms / 1000), now_ms % 1000 * 1000}
  elseif command == 'PEXPIRE' then
    return server.call('EXISTS', name) == 1 and server.call('ZADD', ends, now_ms + (...), name)
  elseif command:find('EXPIRE') then
    error('The clock of the tests does not know ' .. command)
  elseif command == 'DEL' or command == 'SET' then
    server.call('ZREM', ends, name)
  end
  local value, option, ms = ...
  if command == 'SET' and option == 'PX' then
    server.call('ZADD', ends, now_ms + ms, name)
    return server.call('SET', name, value)
  end
  return server.call(command, name, ...)
end
"""


class ClockedRedis:
    """As much of a client as a store needs. ``clock`` gives seconds; ``change`` may alter a script's text."""

    def __init__(self, redis: Redis, clock: Callable[[], float], change: Callable[[str], str] = str) -> None:
        self._redis, self._clock, self._change = redis, clock, change
        self._known: dict[str, str] = {}

    async def evalsha(self, sha: str, _count: int, *args: Any) -> Any:
        if sha not in self._known:
            raise exceptions.NoScriptError
        return await self._redis.evalsha(self._known[sha], 1, self._now_ms(), *args)

    async def eval(self, text: str, _count: int, *args: Any) -> Any:
        clocked = CLOCK + self._change(text)
        self._known[_sha(text)] = _sha(clocked)
        return await self._redis.eval(clocked, 1, self._now_ms(), *args)  # another test may flush scripts at any time

    async def aclose(self) -> None:
        await self._redis.aclose()

    def _now_ms(self) -> int:
        return round(self._clock() * 1000)


def _sha(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
