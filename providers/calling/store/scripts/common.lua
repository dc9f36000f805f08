-- Shared by every script, after RULES: the numbers of the pure packages. All times are whole milliseconds of the server's clock; ARGV[1] starts every key.
-- A bucket is a log (sorted set: call id -> when it leaves for the vendor). Where units are not one per entry (tokens),
-- a hash beside it holds id -> amount, and under 'total' their exact sum. Calls of a long window, or of a period of the
-- calendar, share an entry (a lump). What the vendor counts beyond that is the bucket's surplus. Buckets come as JSON:
-- name, owner, span (window and margin), limit, cost, gap; where it is so: weighs, smooth, rests (is short), grain (ms
-- that share a lump), ends (of the calendar's periods around).
local PAGE = 256

local function key(kind, name)
  return ARGV[1] .. ':' .. kind .. ':' .. name
end

local function log_of(bucket)
  return key('budget', bucket.name)
end

local function amounts_of(bucket)
  return log_of(bucket) .. ':amounts'
end

local function server_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local now = server_ms()

local function drop(bucket, id)
  if bucket.weighs then
    local amount = redis.call('HGET', amounts_of(bucket), id)
    if amount then
      redis.call('HDEL', amounts_of(bucket), id)
      redis.call('HINCRBY', amounts_of(bucket), 'total', 0 - amount)  -- Redis takes -0 for no integer
    end
  end
  redis.call('ZREM', log_of(bucket), id)
end

-- Forget what has left the window.
local function trim(bucket)
  local log, edge = log_of(bucket), now - bucket.span
  if not bucket.weighs then
    redis.call('ZREMRANGEBYSCORE', log, '-inf', edge)
    return
  end
  local amounts, has_shrunk = amounts_of(bucket), false
  repeat
    local ids = redis.call('ZRANGEBYSCORE', log, '-inf', edge, 'LIMIT', 0, PAGE)
    if #ids > 0 then
      has_shrunk = true
      local gone = 0
      for _, amount in ipairs(redis.call('HMGET', amounts, unpack(ids))) do
        gone = gone + (tonumber(amount) or 0)
      end
      redis.call('HDEL', amounts, unpack(ids))
      redis.call('HINCRBY', amounts, 'total', 0 - gone)
      redis.call('ZREM', log, unpack(ids))
    end
  until #ids < PAGE
  if has_shrunk and redis.call('EXISTS', log) == 0 then
    redis.call('DEL', amounts)
  end
end

-- Units of our own calls in a trimmed window.
local function used(bucket)
  if bucket.weighs then
    return tonumber(redis.call('HGET', amounts_of(bucket), 'total')) or 0
  end
  return redis.call('ZCARD', log_of(bucket))
end

-- What the vendor counts beyond our own calls, and for how many ms yet.
local function surplus_of(bucket)
  local surplus = redis.call('HMGET', key('surplus', bucket.name), 'amount', 'until')
  local rest = (tonumber(surplus[2]) or 0) - now
  return rest > 0 and tonumber(surplus[1]) or 0, math.max(rest, 0)
end
