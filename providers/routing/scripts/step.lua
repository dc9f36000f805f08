-- Many steps in one trip: each admits a call, books how it went, or gives it back, as `op.does` says.
-- ARGV: prefix, rules (JSON), list of ops (JSON). Answers 0 where the server has lost its data, else one answer per op.
-- An admission answers {0, now, ms until it may leave, probed scopes ...} or {obstacle, ms to wait, index, half-open, reason}.
local SUSPENDED, HELD, BUSY, OVER_BUDGET = 1, 2, 3, 4
local RULES = cjson.decode(ARGV[2])
local rest_until = redis.call('GET', key('state', 'rest_until'))
if not rest_until then
  return 0
end
rest_until = tonumber(rest_until)

-- --- budgets ---
-- Milliseconds until the oldest of our entries that make up `excess` units have left; nil where they are fewer.
local function leave_ms(bucket, excess)
  local log = log_of(bucket)
  if not bucket.weighs then
    local entry = redis.call('ZRANGE', log, excess - 1, excess - 1, 'WITHSCORES')
    return entry[2] and entry[2] + bucket.span - now
  end
  local first, freed = 0, 0
  while true do
    local entries = redis.call('ZRANGE', log, first, first + PAGE - 1, 'WITHSCORES')
    if #entries == 0 then
      return nil
    end
    local ids = {}
    for i = 1, #entries, 2 do
      ids[#ids + 1] = entries[i]
    end
    for i, amount in ipairs(redis.call('HMGET', amounts_of(bucket), unpack(ids))) do
      freed = freed + (tonumber(amount) or 0)
      if freed >= excess then
        return entries[2 * i] + bucket.span - now
      end
    end
    first = first + PAGE
  end
end

-- Milliseconds until the bucket's cost fits; 0 where it fits now. The arithmetic of `budget.wait_ms`.
local function window_wait(bucket)
  trim(bucket)
  local surplus, surplus_ms = surplus_of(bucket)
  local excess = used(bucket) + surplus + bucket.cost - bucket.limit
  if excess <= 0 then
    return 0
  end
  local wait = leave_ms(bucket, excess)
  if surplus > 0 then
    local rest = excess - surplus
    local later = math.max(surplus_ms, rest > 0 and leave_ms(bucket, rest) or 0)
    wait = math.min(wait or later, later)
  end
  return wait or bucket.span
end

local function is_smooth(bucket)
  return bucket.gap > 0 and (bucket.smooth or redis.call('EXISTS', key('smooth', bucket.owner)) == 1)
end

-- When the next call may leave by the bucket's even pace.
local function next_start(bucket)
  return math.max(now, tonumber(redis.call('GET', key('pace', bucket.name))) or 0)
end

local function enter(bucket, id, at, amount)
  redis.call('ZADD', log_of(bucket), at, id)
  redis.call('PEXPIRE', log_of(bucket), bucket.span + RULES.horizon)
  if bucket.weighs and redis.call('HSETNX', amounts_of(bucket), id, amount) == 1 then
    redis.call('HINCRBY', amounts_of(bucket), 'total', amount)
    redis.call('PEXPIRE', amounts_of(bucket), bucket.span + RULES.horizon)
  end
end

local function take(bucket, id, at)
  enter(bucket, id, at, bucket.cost)
  if is_smooth(bucket) then
    local gap = bucket.cost * bucket.gap
    redis.call('SET', key('pace', bucket.name), math.max(at, next_start(bucket)) + gap, 'PX', math.ceil(gap) + bucket.span)
  end
end

-- Replace what was reserved by what was really used, at the moment when the call really left.
local function settle(bucket, op)
  local log, at = log_of(bucket), op.at + op.lag
  if at <= now - bucket.span then
    return
  end
  enter(bucket, op.id, at, bucket.cost)
  if bucket.weighs and op.tokens >= 0 then
    local amounts = amounts_of(bucket)
    local reserved = tonumber(redis.call('HGET', amounts, op.id))
    redis.call('HSET', amounts, op.id, op.tokens)
    redis.call('HINCRBY', amounts, 'total', op.tokens - reserved)
    local pace = bucket.gap > 0 and redis.call('GET', key('pace', bucket.name))
    if pace and op.tokens < reserved then
      local sooner = pace - (reserved - op.tokens) * bucket.gap
      redis.call('SET', key('pace', bucket.name), math.max(sooner, now), 'PX', bucket.span)
    end
  end
end

-- The vendor says how much is left. Where it counts more than we do, the difference counts here too, until its reset.
local function heed(bucket, left, reset_ms)
  trim(bucket)
  local surplus = bucket.limit - used(bucket) - left
  local name = key('surplus', bucket.name)
  if surplus <= 0 then
    redis.call('DEL', name)
    return
  end
  local ms = math.min(reset_ms >= 0 and reset_ms or bucket.span, RULES.longest_reset)
  if ms > 0 then
    redis.call('HSET', name, 'amount', surplus, 'until', now + ms)
    redis.call('PEXPIRE', name, ms)
  end
end

-- A refusal in spite of room in every window: this vendor looks at shorter times than ours, so go evenly for a while.
local function smoothen_if_roomy(buckets)
  for _, bucket in ipairs(buckets) do
    trim(bucket)
    if used(bucket) + surplus_of(bucket) > RULES.roomy * bucket.limit then
      return
    end
  end
  for _, bucket in ipairs(buckets) do
    if bucket.gap > 0 then
      redis.call('SET', key('smooth', bucket.owner), 1, 'PX', RULES.smooth_for)
    end
  end
end

-- --- breakers ---
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

-- --- concurrency: the arithmetic of `ramp` ---
-- Whether the scope was cleared by a person after the configuration that the op goes by.
local function is_outdated(op, scope)
  return op.version > 0 and op.version < (tonumber(redis.call('GET', key('cleared', scope))) or 0)
end

local function in_flight(scope)
  redis.call('ZREMRANGEBYSCORE', key('flight', scope), '-inf', now)
  return redis.call('ZCARD', key('flight', scope))
end

local function read_ramp(scope)
  local ramp = redis.call('HMGET', key('ramp', scope), 'calls', 'turn', 'usual', 'cut_at', 'wanted_at')
  return {
    calls = tonumber(ramp[1]) or RULES.cold, turn = tonumber(ramp[2]) or math.huge,
    usual = tonumber(ramp[3]), cut_at = tonumber(ramp[4]) or 0, wanted_at = tonumber(ramp[5]) or 0,
  }
end

local function write_ramp(scope, ...)
  redis.call('HSET', key('ramp', scope), ...)
  redis.call('PEXPIRE', key('ramp', scope), RULES.warm_for)
end

local function grow(scope, latency)
  local ramp = read_ramp(scope)
  local holds = not ramp.usual or latency <= RULES.slow * ramp.usual
  local usual = ramp.usual or latency
  usual = usual + (latency - usual) * (latency < usual and RULES.news or RULES.drift)
  if holds and ramp.wanted_at >= now - latency - RULES.wanted_for then
    ramp.calls = math.min(ramp.calls + (ramp.calls < ramp.turn and 1 or 1 / ramp.calls), RULES.most)
  end
  write_ramp(scope, 'calls', ramp.calls, 'usual', usual)
end

local function shrink(scope, out)
  local ramp = read_ramp(scope)
  if now - ramp.cut_at < RULES.cut_every then
    return
  end
  local calls = math.max(1, math.min(ramp.calls, out) * RULES.cut)
  write_ramp(scope, 'calls', calls, 'turn', calls, 'cut_at', now)
end

-- --- the three kinds of step ---
local function admit(op)
  local worst, probes, start = nil, {}, now
  local function refuse(obstacle, wait, index, half_open, reason)
    if wait > 0 and (not worst or wait > worst[2]) then
      worst = {obstacle, math.ceil(wait), index, half_open, reason or ''}
    end
  end

  for i, scope in ipairs(op.scopes) do
    refuse(HELD, is_outdated(op, scope) and RULES.changed_wait or 0, i, 0, RULES.changed_reason)
  end
  if worst then return worst end

  local failures = {}
  for i, scope in ipairs(op.scopes) do
    local state = redis.call('HMGET', key('breaker', scope), 'open_until', 'probe', 'probe_until', 'reason', 'failures')
    local open_until = tonumber(state[1]) or 0
    failures[i] = tonumber(state[5]) or 0
    if open_until > now then
      refuse(SUSPENDED, open_until - now, i, 0, state[4])
    elseif open_until > 0 then
      probes[#probes + 1] = i
      if state[2] and state[2] ~= op.id then
        refuse(SUSPENDED, tonumber(state[3]) - now, i, 1, state[4])
      end
    end
  end
  if worst then return worst end

  for i, scope in ipairs(op.scopes) do
    local hold = redis.call('HMGET', key('hold', scope), 'until', 'reason')
    refuse(HELD, (tonumber(hold[1]) or 0) - now, i, 0, hold[2])
  end
  for _, bucket in ipairs(op.buckets) do
    if bucket.gap > 0 then
      refuse(HELD, rest_until - now, 1, 0, RULES.rest_reason)
    end
  end
  if worst then return worst end

  for i, scope in ipairs(op.scopes) do
    local allowed = math.max(1, math.floor(read_ramp(scope).calls) - failures[i])
    if op.ceilings[i] > 0 then
      allowed = math.min(allowed, op.ceilings[i])
    end
    if in_flight(scope) >= allowed then
      write_ramp(scope, 'wanted_at', now)
      refuse(BUSY, RULES.busy_wait, i, 0, tostring(allowed))
    end
  end
  if worst then return worst end

  for i, bucket in ipairs(op.buckets) do
    refuse(OVER_BUDGET, window_wait(bucket), i, 0)
    if is_smooth(bucket) then
      start = math.max(start, next_start(bucket))
      refuse(OVER_BUDGET, start - now - RULES.horizon, i, 0)
    end
  end
  if worst then return worst end

  start = math.ceil(start)
  for _, i in ipairs(probes) do
    redis.call('HSET', key('breaker', op.scopes[i]), 'probe', op.id, 'probe_until', start + op.lease)
  end
  for _, scope in ipairs(op.scopes) do
    redis.call('ZADD', key('flight', scope), start + op.lease, op.id)
    redis.call('PEXPIRE', key('flight', scope), op.lease + RULES.horizon)
  end
  for _, bucket in ipairs(op.buckets) do
    take(bucket, op.id, start)
  end
  return {0, now, start - now, unpack(probes)}
end

local function book(op)
  local out, is_probed = {}, {}
  for _, scope in ipairs(op.scopes) do
    out[scope] = in_flight(scope)
    redis.call('ZREM', key('flight', scope), op.id)
    is_probed[scope] = redis.call('HGET', key('breaker', scope), 'probe') == op.id
  end
  for _, bucket in ipairs(op.buckets) do
    settle(bucket, op)
  end
  for _, said in ipairs(op.vendor) do
    heed(op.buckets[said.bucket], said.left, said.reset)
  end
  for _, scope in ipairs(op.scopes) do
    if is_outdated(op, scope) then  -- its probe went with what was cleared
      return 1
    end
  end
  for _, scope in ipairs(op.congested) do
    shrink(scope, out[scope] or in_flight(scope))
  end
  if op.hold then
    local held_until = tonumber(redis.call('HGET', key('hold', op.hold.scope), 'until')) or now
    if op.hold.ms > 0 and now + op.hold.ms > held_until then
      redis.call('HSET', key('hold', op.hold.scope), 'until', now + op.hold.ms, 'reason', op.hold.reason)
      redis.call('PEXPIRE', key('hold', op.hold.scope), op.hold.ms)
    end
    smoothen_if_roomy(op.buckets)
  end
  if op.failure then
    local opened = fail(op.failure)
    if op.outage and (opened or is_probed[op.outage.scope]) then
      fail(op.outage)
    end
  elseif not op.hold and op.speaks then
    for _, scope in ipairs(op.scopes) do
      succeed(scope)
      grow(scope, op.latency)
    end
  end
  for _, scope in ipairs(op.scopes) do
    unprobe(scope, op.id)
  end
  return 1
end

local function release(op)
  for _, scope in ipairs(op.scopes) do
    unprobe(scope, op.id)
    redis.call('ZREM', key('flight', scope), op.id)
  end
  for _, bucket in ipairs(op.buckets) do
    drop(bucket, op.id)
  end
  return 1
end

local does, answers = {admit = admit, book = book, release = release}, {}
for i, op in ipairs(cjson.decode(ARGV[3])) do
  answers[i] = does[op.does](op)
end
return answers
