-- Windows, even pace, and what the vendor says is left.

-- When the calendar's period of then ends.
local function period_end(bucket, at)
  for _, finish in ipairs(bucket.ends) do
    if at < finish then
      return finish
    end
  end
  return bucket.ends[#bucket.ends]
end

-- Whether its calls are counted together.
local function is_lumped(bucket)
  return bucket.grain or bucket.ends
end

-- As of when the lump of a call counts: from the end of its grain, or so that it leaves with its period.
local function lump_at(bucket, at)
  if bucket.grain then
    return math.ceil(at / bucket.grain) * bucket.grain
  end
  return period_end(bucket, at) + RULES.margin - bucket.span
end

-- How long it takes at most until the bucket is empty.
local function whole_ms(bucket)
  return bucket.ends and period_end(bucket, now) + RULES.margin - now or bucket.span
end

-- A call that leaves right before the end of a period may arrive in the next one: so none does.
local function quiet_ms(bucket)
  local rest = bucket.ends and period_end(bucket, now) - now or math.huge
  return rest <= RULES.margin + RULES.horizon and rest or 0
end

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
local function room_wait(bucket)
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
  return wait or whole_ms(bucket)
end

local function window_wait(bucket)
  return math.max(room_wait(bucket), quiet_ms(bucket))
end

local function is_smooth(bucket)
  return bucket.gap > 0 and (bucket.smooth or redis.call('EXISTS', key('smooth', bucket.owner)) == 1)
end

-- When the next call may leave by the bucket's even pace.
local function next_start(bucket)
  return math.max(now, tonumber(redis.call('GET', key('pace', bucket.name))) or 0)
end

local function keep(bucket)
  local ms = bucket.span + RULES.horizon + (bucket.grain or 0)
  redis.call('PEXPIRE', log_of(bucket), ms)
  if bucket.weighs then
    redis.call('PEXPIRE', amounts_of(bucket), ms)
  end
end

local function enter(bucket, id, at, amount)
  redis.call('ZADD', log_of(bucket), at, id)
  if bucket.weighs and redis.call('HSETNX', amounts_of(bucket), id, amount) == 1 then
    redis.call('HINCRBY', amounts_of(bucket), 'total', amount)
  end
  keep(bucket)
end

-- Add to the lump of then, or take away from it.
local function lump(bucket, at, amount)
  local counts_at, amounts = lump_at(bucket, at), amounts_of(bucket)
  local id = string.format('%.0f', counts_at)
  if amount == 0 or counts_at <= now - bucket.span or (amount < 0 and redis.call('HEXISTS', amounts, id) == 0) then
    return
  end
  redis.call('HINCRBY', amounts, 'total', amount)
  if redis.call('HINCRBY', amounts, id, amount) == amount then  -- it is new, and is kept from now on until it has left
    redis.call('ZADD', log_of(bucket), counts_at, id)
    keep(bucket)
  end
end

-- Give back what was taken. A lump holds it where the call is known to be under way.
local function give_back(bucket, op)
  if not is_lumped(bucket) then
    drop(bucket, op.id)
  elseif op.is_known then
    lump(bucket, op.at, 0 - bucket.cost)
  end
end

local function take(bucket, id, at)
  if is_lumped(bucket) then
    lump(bucket, at, bucket.cost)
  else
    enter(bucket, id, at, bucket.cost)
  end
  if is_smooth(bucket) then
    local gap = bucket.cost * bucket.gap
    redis.call('SET', key('pace', bucket.name), math.max(at, next_start(bucket)) + gap, 'PX', math.ceil(gap) + bucket.span)
  end
end

-- Replace what was reserved by what was really used, at the moment when the call really left.
local function settle(bucket, op)
  local at = op.at + op.lag
  if is_lumped(bucket) then
    give_back(bucket, op)
    lump(bucket, at, bucket.used or bucket.cost)
    return
  end
  if at <= now - bucket.span then
    return
  end
  enter(bucket, op.id, at, bucket.cost)
  if bucket.weighs and bucket.used then
    local amounts = amounts_of(bucket)
    local reserved = tonumber(redis.call('HGET', amounts, op.id))
    redis.call('HSET', amounts, op.id, bucket.used)
    redis.call('HINCRBY', amounts, 'total', bucket.used - reserved)
    local pace = bucket.gap > 0 and redis.call('GET', key('pace', bucket.name))
    if pace and bucket.used < reserved then
      local sooner = pace - (reserved - bucket.used) * bucket.gap
      redis.call('SET', key('pace', bucket.name), math.max(sooner, now), 'PX', bucket.span)
    end
  end
end

-- The vendor says how much is left. Where it counts more than we do, the difference counts here too, until its reset.
local function heed(bucket, left, reset_ms)
  trim(bucket)
  local surplus, name = bucket.limit - used(bucket) - left, key('surplus', bucket.name)
  local ms = math.min(reset_ms >= 0 and reset_ms or whole_ms(bucket), RULES.longest_reset)
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
