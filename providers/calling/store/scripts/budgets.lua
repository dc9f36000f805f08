-- Windows, even pace, and what the vendor says is left. ARGV[2]: the rules, as JSON.
local RULES = cjson.decode(ARGV[2])

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

-- Milliseconds until the bucket's cost fits; 0 where it fits now.
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
  if bucket.weighs then
    if redis.call('HSETNX', amounts_of(bucket), id, amount) == 1 then
      redis.call('HINCRBY', amounts_of(bucket), 'total', amount)
    end
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
  local surplus, name = bucket.limit - used(bucket) - left, key('surplus', bucket.name)
  local ms = math.min(reset_ms >= 0 and reset_ms or bucket.span, RULES.longest_reset)
  redis.call('DEL', name)
  if surplus > 0 and ms > 0 then
    redis.call('HSET', name, 'amount', surplus, 'until', now + ms)
    redis.call('PEXPIRE', name, ms)
  end
end

-- A refusal in spite of room in every window of its scope: this vendor looks at shorter times than ours, so go evenly
-- for a while.
local function smoothen_if_roomy(buckets, scope)
  for _, bucket in ipairs(buckets) do
    trim(bucket)
    if bucket.owner == scope and used(bucket) + surplus_of(bucket) > RULES.roomy * bucket.limit then
      return
    end
  end
  for _, bucket in ipairs(buckets) do
    if bucket.owner == scope and bucket.gap > 0 then
      redis.call('SET', key('smooth', bucket.owner), 1, 'PX', RULES.smooth_for)
    end
  end
end
