-- What keeps a call from leaving. Each check tells the longest obstacle of its sort: {kind, ms to wait, index of its
-- owner or bucket, is half-open, reason, calls allowed}, for a suspension also ms until it may be probed as a last
-- resort; or nil. Kinds are those of `admission.Obstacle`. `seen` gathers what later checks and the admission need:
-- failures and refusals in a row per scope, scopes to probe, full scopes, owners that lack room, and when the call may
-- leave.
local state = redis.call('MGET', key('state', 'rest_until'), key('state', 'since'))
local rest_until, since = tonumber(state[1]), tonumber(state[2]) or 0

-- Whether the scope was cleared by a person after the configuration that the op goes by.
local function is_outdated(op, scope)
  return op.version > 0 and op.version < (tonumber(redis.call('GET', key('cleared', scope))) or 0)
end

local function longer(worst, kind, wait, index, facts)
  if wait > 0 and (not worst or wait > worst[2]) then
    facts = facts or {}
    return {kind, math.ceil(wait), index, facts.half_open and 1 or 0, facts.reason or '', facts.allowed or 0}
  end
  return worst
end

local function outdated(op)
  local worst
  for i, scope in ipairs(op.scopes) do
    worst = longer(worst, 'outdated', is_outdated(op, scope) and RULES.changed_wait or 0, i)
  end
  return worst
end

-- The longest suspension in the way. As a last resort an outage is probed long before its deadline.
local function suspension(op, seen, is_last_resort)
  local worst
  local probes_provider = false
  for i, scope in ipairs(op.is_test and {} or op.scopes) do
    local name = key('breaker', scope)
    local state = redis.call('HMGET', name, 'open_until', 'probe', 'probe_until', 'reason', 'kind', 'failed_at')
    local open_until, is_outage = tonumber(state[1]) or 0, RULES.outages[state[5]]
    local wait = open_until - now
    if is_last_resort and is_outage then
      wait = math.min(wait, (tonumber(state[6]) or 0) + RULES.last_resort - now)
    end
    if open_until == 0 then
      wait = 0
    elseif wait > 0 and not (probes_provider and is_outage) then
      worst = longer(worst, 'suspended', wait, i, {reason = state[4]})
    else
      seen.probes[#seen.probes + 1] = i
      if state[2] and state[2] ~= op.id and tonumber(state[3]) > now then
        worst = longer(worst, 'suspended', tonumber(state[3]) - now, i, {reason = state[4], half_open = true})
      elseif i == 1 and op.scopes[2] then
        worst = longer(worst, 'suspended', turn_wait(op, seen), i, {reason = state[4], half_open = true})
        probes_provider = true
      end
    end
  end
  return worst
end

local function suspended(op, seen)
  for i, scope in ipairs(op.scopes) do
    seen.failures[i] = tonumber(redis.call('HGET', key('breaker', scope), 'failures')) or 0
  end
  local worst = suspension(op, seen, op.last_resort)
  if worst and not op.last_resort then
    local last = suspension(op, {probes = {}}, true)
    worst[7] = last and last[2] or 0
  end
  return worst
end

local function held(op, seen)
  local worst
  for i, scope in ipairs(op.is_test and {} or op.scopes) do
    local hold = redis.call('HMGET', key('hold', scope), 'until', 'reason', 'strikes')
    seen.strikes[i] = tonumber(hold[3])
    worst = longer(worst, 'held', (tonumber(hold[1]) or 0) - now, i, {reason = hold[2]})
  end
  for _, bucket in ipairs(op.buckets) do
    if bucket.rests then
      worst = longer(worst, 'resting', rest_until - now, 1)
    end
  end
  return worst
end

local function busy(op, seen)
  local worst
  local is_doubted, is_out = doubt_of(op)
  seen.finds_out = is_doubted
  if is_out then
    worst = longer(worst, 'in_doubt', RULES.busy_wait, 1)
  end
  for i, scope in ipairs(op.scopes) do
    local allowed = math.max(1, math.floor(read_ramp(scope).calls) - seen.failures[i])
    if op.ceilings[i] > 0 then
      allowed = math.min(allowed, op.ceilings[i])
    end
    if (seen.strikes[i] or 0) > 1 then  -- refused again after its wait: one call finds out whether it is over
      allowed = 1
    end
    if in_flight(scope) >= allowed then
      seen.full[#seen.full + 1] = scope
      worst = longer(worst, 'busy', RULES.busy_wait, i, {allowed = allowed})
    end
  end
  return worst
end

local function lacking(op, seen)
  local worst
  for i, bucket in ipairs(op.buckets) do
    local wait, put_off = window_wait(bucket), 0
    if is_smooth(bucket) then
      seen.start = math.max(seen.start, next_start(bucket))
      put_off = seen.start - now - RULES.horizon
    end
    worst = longer(longer(worst, 'over_budget', wait, i), 'paced', put_off, i)
    if math.max(wait, put_off) > 0 then
      seen.lacks[bucket.owner] = true
    end
  end
  return worst
end

-- The owners at which a refused call waits. It waits for places only once its limits have room: else one would stay empty
-- for a call that cannot leave.
local function waited_for(op, seen)
  if #seen.full == 0 then
    return seen.lacks
  end
  local limits = {lacks = {}, start = now}
  if not lacking(op, limits) then
    for _, scope in ipairs(seen.full) do
      limits.lacks[scope] = true
    end
  end
  return limits.lacks
end
