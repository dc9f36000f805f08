-- Many operations in one trip: each admits a call, looks what one would meet, books how it went, gives it back, or renews its
-- places, as `op.does` says.
-- ARGV: prefix, list of ops (JSON). Answers 0 where the server has lost its data, else one answer per op.
-- An op that `is_test` goes past breakers and holds, and its good answer closes what it went past.
-- An admission answers {0, now, ms until it may leave, probed scopes ...} or an obstacle, an outlook all obstacles and
-- the units used of each bucket.
if not rest_until then
  return 0
end

local CHECKS = {outdated, suspended, held, busy, lacking, outranked, over_share}

local function nothing_seen()
  return {failures = {}, strikes = {}, probes = {}, full = {}, lacks = {}, start = now}
end

local function admit(op)
  local seen = nothing_seen()
  for _, check in ipairs(CHECKS) do
    local worst = check(op, seen)
    for _, scope in ipairs(seen.full) do
      write_ramp(scope, 'wanted_at', now)
    end
    if seen.asked then
      redis.call('HSETNX', key('breaker', op.scopes[1]), 'asked_at', now)
    end
    if worst then
      note_waiting(op, seen, worst[2])
      return worst
    end
  end

  note_served(op, seen)
  local start, probes = math.ceil(seen.start), seen.probes
  for _, i in ipairs(probes) do
    redis.call('HSET', key('breaker', op.scopes[i]), 'probe', op.id, 'probe_until', start + RULES.lease)
  end
  if seen.finds_out then
    redis.call('HSET', key('doubt', op.account), 'probe', op.id, 'probe_until', start + RULES.lease)
  end
  for _, scope in ipairs(op.scopes) do
    redis.call('ZADD', key('flight', scope), start + RULES.lease, op.id)
    redis.call('PEXPIRE', key('flight', scope), RULES.lease + RULES.horizon)
  end
  for _, bucket in ipairs(op.buckets) do
    take(bucket, op.id, start)
  end
  return {0, now, start - now, unpack(probes)}
end

-- All that an admission would meet, and what is used of each bucket. It forgets what has run out, and writes nothing.
local function outlook(op)
  local seen, met, counts = nothing_seen(), {}, {}
  for _, check in ipairs(CHECKS) do
    met[#met + 1] = check(op, seen)
  end
  for i, bucket in ipairs(op.buckets) do
    counts[i] = used(bucket) + surplus_of(bucket)
  end
  return {met, counts}
end

-- Whether the vendor's word on a bucket is taken. Where models have limits of their own, what comes with one model's
-- answers says nothing of the account's buckets; nor does a refusal, until that is found out.
local function is_heard(op, bucket)
  if not op.account or op.account == '' or bucket.owner ~= op.account then
    return true
  end
  return not op.hold and redis.call('GET', key('limits', op.account)) ~= 'model'
end

local function settle_all(op)
  for _, bucket in ipairs(op.buckets) do
    if op.unsent then
      give_back(bucket, op)
    else
      settle(bucket, op)
    end
  end
  for _, said in ipairs(op.vendor) do
    local bucket = op.buckets[said.bucket]
    if is_heard(op, bucket) then
      heed(bucket, said.left, said.reset)
    end
  end
end

-- A failure counts against its scope and may count against the provider, unless it is the item's own.
local function blame(op, is_probed)
  local suspicion = op.outage and suspicion_of(op.failure, op.scopes[1] or '') or 0
  if suspicion == 0 then
    local opened = fail(op.failure, is_probed[op.failure.scope])
    if op.outage then
      fail_provider(op.outage, op.failure.scope, opened, is_probed[op.outage.scope])
    end
  end
  return suspicion
end

-- The vendor works: breakers close, but for that of a route that refuses everybody; after a good answer more calls may
-- go at once.
local function hearten(op, is_probed, sent_at)
  local provider, route, needed = op.scopes[1], op.scopes[2], calls_needed(op)
  for _, scope in ipairs(op.scopes) do
    if op.is_test then
      redis.call('DEL', key('breaker', scope))
    end
    local was_suspended = not (op.refusal and refuses(scope)) and succeed(scope, is_probed[scope])
    if scope == provider then
      raise_fallen(provider, was_suspended)
    end
    if op.good then
      grow(scope, op.latency, needed)
    end
  end
  if op.good then
    relent(op, sent_at)
    if route then
      redis.call('ZADD', key('worked', provider), now, route)
      redis.call('PEXPIRE', key('worked', provider), RULES.remembered)
      redis.call('DEL', key('refused', route))
    end
  end
end

-- What breakers, holds and places learn from it; nothing where a scope was cleared after the configuration that it went by.
local function judge(op, out, is_probed)
  local suspicion, sent_at = 0, op.at + op.lag
  for _, scope in ipairs(op.scopes) do
    if is_outdated(op, scope) then
      return suspicion
    end
  end
  for _, scope in ipairs(op.congested) do
    shrink(scope, out[scope] or in_flight(scope))
  end
  if op.hold then
    smoothen_if_roomy(op.buckets, hold_back(op, sent_at))
  elseif op.failure then
    suspicion = blame(op, is_probed)
  elseif op.refusal then
    suspicion = refuse(op.refusal, op.scopes[1] or '', op.id, is_probed[op.refusal.scope])
  end
  if op.well then
    hearten(op, is_probed, sent_at)
  end
  return suspicion
end

-- Frees the op's place, and notes whether lumps hold what it reserved: it had a place, and not only because it renewed
-- one that the server had lost. Answers how many calls were in flight.
local function leave(op, scope)
  local out = in_flight(scope)
  op.is_known = (redis.call('ZREM', key('flight', scope), op.id) == 1 and op.at >= since) or op.is_known
  return out
end

-- Answers whether the failure is the item's own: 2 surely, 1 likely, 0 not.
local function book(op)
  local out, is_probed = {}, {}
  for _, scope in ipairs(op.scopes) do
    out[scope] = leave(op, scope)
    is_probed[scope] = redis.call('HGET', key('breaker', scope), 'probe') == op.id
  end
  settle_all(op)
  local suspicion = judge(op, out, is_probed)
  for _, scope in ipairs(op.scopes) do
    unprobe(scope, op.id)
  end
  leave_doubt(op)
  return suspicion
end

local function release(op)
  for _, scope in ipairs(op.scopes) do
    unprobe(scope, op.id)
    leave(op, scope)
  end
  leave_doubt(op)
  for _, bucket in ipairs(op.buckets) do
    give_back(bucket, op)
  end
  return 1
end

local does, answers = {admit = admit, outlook = outlook, book = book, release = release, renew = renew}, {}
for i, op in ipairs(cjson.decode(ARGV[2])) do
  answers[i] = does[op.does](op)
end
return answers
