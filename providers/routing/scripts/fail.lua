-- The arithmetic of `breaker.failed`, on the server's clock.
-- KEYS: breaker. ARGV: kind, reason, opens after, open ms, max open ms, ms to remember beyond the deadline.
local key, now = KEYS[1], server_ms()
local opens_after, open_ms, max_open_ms = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local state = redis.call('HMGET', key, 'failures', 'openings', 'open_until')
local failures = (tonumber(state[1]) or 0) + 1
local openings = tonumber(state[2]) or 0
local open_until = tonumber(state[3]) or 0

local is_open = open_until > now
local is_half_open = open_until > 0 and not is_open
local deadline = open_until
local opened = 0
if is_half_open or failures >= opens_after then
  -- A failure that was under way when the breaker opened may move the deadline, but is no new opening.
  if not is_open then
    openings = openings + 1
    opened = 1
  end
  deadline = math.max(open_until, now + math.min(open_ms * 2 ^ (openings - 1), max_open_ms))
end

redis.call('HSET', key, 'failures', failures, 'openings', openings, 'open_until', deadline)
if not is_open or deadline > open_until then
  redis.call('HSET', key, 'kind', ARGV[1], 'reason', ARGV[2])
end
redis.call('HDEL', key, 'probe', 'probe_until')
redis.call('PEXPIRE', key, math.max(deadline - now, 0) + ARGV[6])
return opened
