-- Many steps in one trip: each admits a call, looks what one would meet, books how it went, or gives it back, as
-- `op.does` says.
-- ARGV: prefix, rules (JSON), list of ops (JSON). Answers 0 where the server has lost its data, else one answer per op.
-- An op that `is_test` goes past breakers and holds, and its good answer closes what it went past.
-- An admission answers {0, now, ms until it may leave, probed scopes ...} or an obstacle, an outlook all obstacles and
-- the units used of each bucket.
if not rest_until then
  return 0
end

local function admit(op)
  local seen = {failures = {}, probes = {}, full = {}, start = now}
  for _, check in ipairs(CHECKS) do
    local worst = check(op, seen)
    for _, scope in ipairs(seen.full) do
      write_ramp(scope, 'wanted_at', now)
    end
    if worst then return worst end
  end

  local start, probes = math.ceil(seen.start), seen.probes
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

-- All that an admission would meet, and what is used of each bucket. It forgets what has run out, and writes nothing.
local function outlook(op)
  local seen, met, counts = {failures = {}, probes = {}, full = {}, start = now}, {}, {}
  for _, check in ipairs(CHECKS) do
    met[#met + 1] = check(op, seen)
  end
  for i, bucket in ipairs(op.buckets) do
    counts[i] = used(bucket) + surplus_of(bucket)
  end
  return {met, counts}
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

local does, answers = {admit = admit, outlook = outlook, book = book, release = release}, {}
for i, op in ipairs(cjson.decode(ARGV[3])) do
  answers[i] = does[op.does](op)
end
return answers
