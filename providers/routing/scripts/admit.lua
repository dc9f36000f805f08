-- All or nothing: breakers, then holds, then buckets; writes (probes and entries) only if all of them pass.
-- KEYS: breakers of all scopes, holds of all scopes, then log and amounts per bucket.
-- ARGV: number of scopes, reservation id, probe lease (ms), then four per bucket.
-- Answers {0, now, probed scopes ...} or {obstacle, ms to wait, index of scope or bucket, is half-open, reason}.
local SUSPENDED, HELD, OVER_BUDGET = 1, 2, 3
local scopes, id, lease = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
local now = server_ms()
local worst = nil

local function refuse(obstacle, wait, index, half_open, reason)
  if wait > 0 and (not worst or wait > worst[2]) then
    worst = {obstacle, wait, index, half_open, reason or ''}
  end
end

local probes = {}
for i = 1, scopes do
  local state = redis.call('HMGET', KEYS[i], 'open_until', 'probe', 'probe_until', 'reason')
  local open_until = tonumber(state[1]) or 0
  if open_until > now then
    refuse(SUSPENDED, open_until - now, i, 0, state[4])
  elseif open_until > 0 then
    probes[#probes + 1] = i
    if state[2] and state[2] ~= id then
      refuse(SUSPENDED, tonumber(state[3]) - now, i, 1, state[4])
    end
  end
end
if worst then return worst end

for i = 1, scopes do
  local hold = redis.call('HMGET', KEYS[scopes + i], 'until', 'reason')
  refuse(HELD, (tonumber(hold[1]) or 0) - now, i, 0, hold[2])
end
if worst then return worst end

local buckets = {}
for i = 1, (#KEYS - 2 * scopes) / 2 do
  buckets[i] = read_bucket(2 * scopes + 2 * i - 1, 4 * i)
  trim(buckets[i], now)
  refuse(OVER_BUDGET, wait_ms(buckets[i], now), i, 0)
end
if worst then return worst end

for _, i in ipairs(probes) do
  redis.call('HSET', KEYS[i], 'probe', id, 'probe_until', now + lease)
end
for _, bucket in ipairs(buckets) do
  redis.call('ZADD', bucket.log, now, id)
  redis.call('PEXPIRE', bucket.log, bucket.span)
  if bucket.weighs then
    redis.call('HSET', bucket.amounts, id, bucket.cost)
    redis.call('HINCRBY', bucket.amounts, 'total', bucket.cost)
    redis.call('PEXPIRE', bucket.amounts, bucket.span)
  end
end
return {0, now, unpack(probes)}
