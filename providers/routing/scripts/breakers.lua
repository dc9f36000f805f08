-- Failures, openings and probes of one scope.
local function open_breaker(state, failure, failures)
  local history = ((state[4] or '') .. '1'):sub(-RULES.history)
  local _, bad = history:gsub('1', '1')
  local is_rate = failure.opens_after > 1 and #history >= RULES.rate_calls and bad >= RULES.rate_share * #history
  return history, failures >= failure.opens_after or is_rate
end

-- The arithmetic of `breaker.failed`. True where this very failure opened it.
local function fail(failure)
  local name = key('breaker', failure.scope)
  local state = redis.call('HMGET', name, 'failures', 'openings', 'open_until', 'history')
  local failures, openings = (tonumber(state[1]) or 0) + 1, tonumber(state[2]) or 0
  local open_until = tonumber(state[3]) or 0
  local is_open = open_until > now
  local history, opens = open_breaker(state, failure, failures)
  local deadline, opened = open_until, false
  if opens or (open_until > 0 and not is_open) then
    -- A failure that was under way when the breaker opened may move the deadline, but is no new opening.
    if not is_open then
      openings, opened, history = openings + 1, true, ''
    end
    deadline = math.max(open_until, now + math.min(failure.open_ms * 2 ^ (openings - 1), failure.max_open_ms))
  end
  redis.call('HSET', name, 'failures', failures, 'openings', openings, 'open_until', deadline, 'history', history)
  if not is_open or deadline > open_until then
    redis.call('HSET', name, 'kind', failure.kind, 'reason', failure.reason)
  end
  redis.call('HDEL', name, 'probe', 'probe_until')
  redis.call('PEXPIRE', name, math.max(deadline - now, 0) + RULES.remembered)
  if opened then
    redis.call('DEL', key('ramp', failure.scope))
  end
  return opened
end

-- The arithmetic of `breaker.succeeded`.
local function succeed(scope)
  local name = key('breaker', scope)
  local state = redis.call('HMGET', name, 'failures', 'open_until', 'history')
  local open_until = tonumber(state[2]) or 0
  if not state[1] or open_until > now then
    return
  end
  local history = ((state[3] or '') .. '0'):sub(-RULES.history)
  if open_until > 0 or not history:find('1') then
    redis.call('DEL', name)
  else
    redis.call('HSET', name, 'failures', 0, 'history', history)
  end
end

local function unprobe(scope, id)
  if redis.call('HGET', key('breaker', scope), 'probe') == id then
    redis.call('HDEL', key('breaker', scope), 'probe', 'probe_until')
  end
end
