-- Failures, openings and probes of one scope; what its models show of a provider; what one item shows of itself.

-- When the route last answered somebody well; 0 where that is not known.
local function worked_at(provider, route)
  return tonumber(redis.call('ZSCORE', key('worked', provider), route)) or 0
end

local function worked_lately(provider, route)
  return worked_at(provider, route) > now - RULES.good_for
end

-- Whether a failure is the item's own: 2 surely, 1 likely, 0 not.
local function suspicion_of(failure, provider)
  if failure.item == '' then
    return 0
  end
  local failing, item = key('failing', failure.scope), failure.item
  local first = tonumber(redis.call('HGET', failing, item))
  if redis.call('HLEN', failing) > RULES.failing_most then
    redis.call('DEL', failing)
  end
  redis.call('HSETNX', failing, item, now)
  local times = redis.call('HINCRBY', failing, 'times:' .. item, 1)
  redis.call('PEXPIRE', failing, RULES.failing_for)
  if not first then
    return 0
  end
  local row = redis.call('HMGET', key('breaker', failure.scope), 'failures', 'item')
  local is_alone = (tonumber(row[1]) or 0) == 0 or row[2] == item
  if worked_at(provider, failure.scope) > first and (is_alone or times >= RULES.failing_often) then
    return 2
  end
  return is_alone and worked_lately(provider, failure.scope) and 1 or 0
end

-- The history of outcomes with one more failure, and whether that opens the breaker.
local function with_failure(state, failure, failures)
  local history = ((state[4] or '') .. '1'):sub(-RULES.history)
  local _, bad = history:gsub('1', '1')
  local is_rate = failure.opens_after > 1 and #history >= RULES.rate_calls and bad >= RULES.rate_share * #history
  return history, failures >= failure.opens_after or is_rate
end

-- One more failure. True where this very one opened it. While it is open, kind and reason stay those of the failure that
-- set the deadline.
local function fail(failure, is_probe)
  local name = key('breaker', failure.scope)
  local state = redis.call('HMGET', name, 'failures', 'openings', 'open_until', 'history', 'item')
  local failures, openings = (tonumber(state[1]) or 0) + 1, tonumber(state[2]) or 0
  local open_until = tonumber(state[3]) or 0
  local is_open = open_until > now and not is_probe
  local history, opens = with_failure(state, failure, failures)
  local deadline, opened = open_until, false
  if opens or (open_until > 0 and not is_open) then
    -- A failure that was under way when the breaker opened may move the deadline, but is no new opening.
    if not is_open then
      openings, opened, history = openings + 1, true, ''
    end
    deadline = math.max(open_until, now + math.min(failure.open_ms * 2 ^ (openings - 1), failure.max_open_ms))
  end
  local item = (failures == 1 or state[5] == failure.item) and failure.item or RULES.several
  redis.call('HSET', name, 'failures', failures, 'openings', openings, 'open_until', deadline, 'history', history,
    'item', item, 'failed_at', now)
  if not is_open or deadline > open_until then
    redis.call('HSET', name, 'kind', failure.kind, 'reason', failure.reason)
  end
  redis.call('HDEL', name, 'probe', 'probe_until', 'asked_at')
  redis.call('PEXPIRE', name, math.max(deadline - now, 0) + RULES.remembered)
  if opened then
    redis.call('DEL', key('ramp', failure.scope))
  end
  return opened
end

-- A provider of which several models have fallen: half-open at once, so that one call finds out.
local function suspect(failure)
  local name = key('breaker', failure.scope)
  if (tonumber(redis.call('HGET', name, 'open_until')) or 0) == 0 then
    redis.call('HSET', name, 'failures', 0, 'open_until', now, 'failed_at', now, 'kind', failure.kind, 'reason',
      failure.reason)
    redis.call('PEXPIRE', name, RULES.remembered)
  end
end

-- An outage of a route that has just fallen, or of the provider's probe, as it counts against the provider.
local function fail_provider(outage, route, opened, is_probe)
  local fallen = key('fallen', outage.scope)
  if opened then
    redis.call('SADD', fallen, route)
    redis.call('PEXPIRE', fallen, RULES.remembered)
  end
  if is_probe then
    fail(outage, true)
    redis.call('HSET', key('breaker', outage.scope), 'tried:' .. route, now)
  elseif opened and redis.call('SCARD', fallen) >= outage.opens_after then
    suspect(outage)
  end
end

-- A good answer closes it where it is half-open; while it is open, one from before says nothing. True where it had been
-- suspended for a time and is so no longer.
local function succeed(scope, is_probe)
  local name = key('breaker', scope)
  local state = redis.call('HMGET', name, 'failures', 'open_until', 'history', 'openings')
  local open_until = tonumber(state[2]) or 0
  if not state[1] or (open_until > now and not is_probe) then
    return false
  end
  local history = ((state[3] or '') .. '0'):sub(-RULES.history)
  if open_until > 0 or not history:find('1') then
    redis.call('DEL', name)
  else
    redis.call('HSET', name, 'failures', 0, 'history', history)
  end
  return open_until > 0 and (tonumber(state[4]) or 0) > 0
end

-- The provider works: what fell with it may each send its probe now, and nothing more is held against it.
local function raise_fallen(provider, was_suspended)
  local fallen = key('fallen', provider)
  for _, route in ipairs(was_suspended and redis.call('SMEMBERS', fallen) or {}) do
    local state = redis.call('HMGET', key('breaker', route), 'open_until', 'kind')
    if (tonumber(state[1]) or 0) > now and RULES.outages[state[2]] then
      redis.call('HSET', key('breaker', route), 'open_until', now)
    end
  end
  redis.call('DEL', fallen)
end

-- Whether the scope is suspended because it refuses everybody.
local function refuses(scope)
  return RULES.refusals[redis.call('HGET', key('breaker', scope), 'kind')]
end

-- A request that a working vendor does not take: 2 where it is the item's own fault, since others pass there. Where
-- nobody does, several items in a row speak against the route.
local function refuse(refusal, provider, id, is_probe)
  if is_probe and refuses(refusal.scope) then
    fail(refusal, true)
    return 0
  end
  if worked_lately(provider, refusal.scope) then
    return 2
  end
  local refused = key('refused', refusal.scope)
  redis.call('SADD', refused, refusal.item == '' and id or refusal.item)
  redis.call('PEXPIRE', refused, RULES.failing_for)
  if redis.call('SCARD', refused) >= refusal.opens_after then
    redis.call('DEL', refused)
    refusal.opens_after = 1
    fail(refusal, false)
  end
  return 0
end

-- The model of the provider whose turn it is to probe: of those that worked, the last one that has not been tried since
-- it was suspended; when all have been, the one whose try is the longest ago. nil where none ever worked.
local function next_to_probe(provider)
  local name, first, first_at = key('breaker', provider), nil, math.huge
  for _, route in ipairs(redis.call('ZREVRANGE', key('worked', provider), 0, RULES.turns - 1)) do
    local tried_at = tonumber(redis.call('HGET', name, 'tried:' .. route))
    if not tried_at then
      return route
    end
    if tried_at < first_at then
      first, first_at = route, tried_at
    end
  end
  return first
end

-- Milliseconds for which the provider's probe is left to another of its models. Only a moment: that one may be off.
local function turn_wait(op, seen)
  local provider, route = op.scopes[1], op.scopes[2]
  local first, name = next_to_probe(provider), key('breaker', provider)
  local is_fresh = redis.call('EXISTS', key('breaker', route)) == 0
  if first == route or (not first and is_fresh and not redis.call('HGET', name, 'tried:' .. route)) then
    return 0
  end
  local asked_at = tonumber(redis.call('HGET', name, 'asked_at'))
  seen.asked = not asked_at
  return (asked_at or now) + RULES.turn - now
end

local function unprobe(scope, id)
  if redis.call('HGET', key('breaker', scope), 'probe') == id then
    redis.call('HDEL', key('breaker', scope), 'probe', 'probe_until')
  end
end
