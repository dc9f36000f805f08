-- Shared by every script. All times are whole milliseconds of the server's clock.
-- A bucket is a log (sorted set: reservation id -> time of admission). Where units are not one per entry (tokens),
-- a hash beside it holds id -> amount, and under 'total' their exact sum.
local PAGE = 256

local function server_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- ARGV per bucket: unit, span (window and margin, ms), limit, cost. KEYS per bucket: log, amounts.
local function read_bucket(key, arg)
  return {
    log = KEYS[key], amounts = KEYS[key + 1],
    weighs = ARGV[arg] == 'tokens', span = tonumber(ARGV[arg + 1]),
    limit = tonumber(ARGV[arg + 2]), cost = tonumber(ARGV[arg + 3]),
  }
end

local function drop(bucket, id)
  if bucket.weighs then
    local amount = redis.call('HGET', bucket.amounts, id)
    if amount then
      redis.call('HDEL', bucket.amounts, id)
      redis.call('HINCRBY', bucket.amounts, 'total', -amount)
    end
  end
  redis.call('ZREM', bucket.log, id)
end

-- Forget what has left the window.
local function trim(bucket, now)
  local edge = now - bucket.span
  if not bucket.weighs then
    redis.call('ZREMRANGEBYSCORE', bucket.log, '-inf', edge)
    return
  end
  repeat
    local ids = redis.call('ZRANGEBYSCORE', bucket.log, '-inf', edge, 'LIMIT', 0, PAGE)
    if #ids > 0 then
      local gone = 0
      for _, amount in ipairs(redis.call('HMGET', bucket.amounts, unpack(ids))) do
        gone = gone + (tonumber(amount) or 0)
      end
      redis.call('HDEL', bucket.amounts, unpack(ids))
      redis.call('HINCRBY', bucket.amounts, 'total', -gone)
      redis.call('ZREM', bucket.log, unpack(ids))
    end
  until #ids < PAGE
  if redis.call('EXISTS', bucket.log) == 0 then
    redis.call('DEL', bucket.amounts)
  end
end

local function used(bucket)
  if bucket.weighs then
    return tonumber(redis.call('HGET', bucket.amounts, 'total')) or 0
  end
  return redis.call('ZCARD', bucket.log)
end

-- Milliseconds until the oldest entries that make up `excess` units have left a weighed window.
local function wait_for_amount(bucket, excess, now)
  local first, freed = 0, 0
  while true do
    local entries = redis.call('ZRANGE', bucket.log, first, first + PAGE - 1, 'WITHSCORES')
    if #entries == 0 then
      return bucket.span
    end
    local ids = {}
    for i = 1, #entries, 2 do
      ids[#ids + 1] = entries[i]
    end
    for i, amount in ipairs(redis.call('HMGET', bucket.amounts, unpack(ids))) do
      freed = freed + (tonumber(amount) or 0)
      if freed >= excess then
        return entries[2 * i] + bucket.span - now
      end
    end
    first = first + PAGE
  end
end

-- Milliseconds until the bucket's cost fits; 0 where it fits now. Expects a trimmed bucket.
local function wait_ms(bucket, now)
  local excess = used(bucket) + bucket.cost - bucket.limit
  if excess <= 0 then
    return 0
  end
  if bucket.weighs then
    return wait_for_amount(bucket, excess, now)
  end
  local entry = redis.call('ZRANGE', bucket.log, excess - 1, excess - 1, 'WITHSCORES')
  return entry[2] + bucket.span - now
end
