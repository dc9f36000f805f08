-- Many steps in one trip: each admits a call, books how it went, or gives it back, as `op.does` says.
-- ARGV: prefix, rules (JSON), list of ops (JSON). Answers 0 where the server has lost its data, else one answer per op.
-- An op that `is_test` goes past breakers and holds, and its good answer closes what it went past.
-- An admission answers {0, now, ms until it may leave, probed scopes ...} or {obstacle, ms to wait, index, half-open, reason}.
local SUSPENDED, HELD, BUSY, OVER_BUDGET = 1, 2, 3, 4
local rest_until = redis.call('GET', key('state', 'rest_until'))
if not rest_until then
  return 0
end
rest_until = tonumber(rest_until)

-- Whether the scope was cleared by a person after the configuration that the op goes by.
local function is_outdated(op, scope)
  return op.version > 0 and op.version < (tonumber(redis.call('GET', key('cleared', scope))) or 0)
end

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
    if open_until > now and not op.is_test then
      refuse(SUSPENDED, open_until - now, i, 0, state[4])
    elseif open_until > 0 and not op.is_test then
      probes[#probes + 1] = i
      if state[2] and state[2] ~= op.id then
        refuse(SUSPENDED, tonumber(state[3]) - now, i, 1, state[4])
      end
    end
  end
  if worst then return worst end

  for i, scope in ipairs(op.is_test and {} or op.scopes) do
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
      if op.is_test then
        redis.call('DEL', key('breaker', scope))
      end
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
