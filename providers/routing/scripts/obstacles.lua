-- What keeps a call from leaving. Each check tells the longest obstacle of its sort: {obstacle, ms to wait, index of its
-- scope or bucket, is half-open, reason}, or nil. `seen` gathers what later checks and the admission need: failures in a
-- row per scope, half-open scopes, full scopes, and when the call may leave.
local SUSPENDED, HELD, BUSY, OVER_BUDGET = 1, 2, 3, 4
local rest_until = tonumber(redis.call('GET', key('state', 'rest_until')))

-- Whether the scope was cleared by a person after the configuration that the op goes by.
local function is_outdated(op, scope)
  return op.version > 0 and op.version < (tonumber(redis.call('GET', key('cleared', scope))) or 0)
end

local function longer(worst, obstacle, wait, index, half_open, reason)
  if wait > 0 and (not worst or wait > worst[2]) then
    return {obstacle, math.ceil(wait), index, half_open, reason or ''}
  end
  return worst
end

local function outdated(op)
  local worst
  for i, scope in ipairs(op.scopes) do
    worst = longer(worst, HELD, is_outdated(op, scope) and RULES.changed_wait or 0, i, 0, RULES.changed_reason)
  end
  return worst
end

local function suspended(op, seen)
  local worst
  for i, scope in ipairs(op.scopes) do
    local state = redis.call('HMGET', key('breaker', scope), 'open_until', 'probe', 'probe_until', 'reason', 'failures')
    local open_until = tonumber(state[1]) or 0
    seen.failures[i] = tonumber(state[5]) or 0
    if open_until > now and not op.is_test then
      worst = longer(worst, SUSPENDED, open_until - now, i, 0, state[4])
    elseif open_until > 0 and not op.is_test then
      seen.probes[#seen.probes + 1] = i
      if state[2] and state[2] ~= op.id then
        worst = longer(worst, SUSPENDED, tonumber(state[3]) - now, i, 1, state[4])
      end
    end
  end
  return worst
end

local function held(op)
  local worst
  for i, scope in ipairs(op.is_test and {} or op.scopes) do
    local hold = redis.call('HMGET', key('hold', scope), 'until', 'reason')
    worst = longer(worst, HELD, (tonumber(hold[1]) or 0) - now, i, 0, hold[2])
  end
  for _, bucket in ipairs(op.buckets) do
    if bucket.gap > 0 then
      worst = longer(worst, HELD, rest_until - now, 1, 0, RULES.rest_reason)
    end
  end
  return worst
end

local function busy(op, seen)
  local worst
  for i, scope in ipairs(op.scopes) do
    local allowed = math.max(1, math.floor(read_ramp(scope).calls) - seen.failures[i])
    if op.ceilings[i] > 0 then
      allowed = math.min(allowed, op.ceilings[i])
    end
    if in_flight(scope) >= allowed then
      seen.full[#seen.full + 1] = scope
      worst = longer(worst, BUSY, RULES.busy_wait, i, 0, tostring(allowed))
    end
  end
  return worst
end

local function lacking(op, seen)
  local worst
  for i, bucket in ipairs(op.buckets) do
    worst = longer(worst, OVER_BUDGET, window_wait(bucket), i, 0)
    if is_smooth(bucket) then
      seen.start = math.max(seen.start, next_start(bucket))
      worst = longer(worst, OVER_BUDGET, seen.start - now - RULES.horizon, i, 0)
    end
  end
  return worst
end

local CHECKS = {outdated, suspended, held, busy, lacking}
