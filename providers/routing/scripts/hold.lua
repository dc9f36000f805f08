-- KEYS: hold. ARGV: ms, reason. An earlier hold is never shortened.
local key, now, ms = KEYS[1], server_ms(), tonumber(ARGV[1])
if now + ms > (tonumber(redis.call('HGET', key, 'until')) or now) then
  redis.call('HSET', key, 'until', now + ms, 'reason', ARGV[2])
  redis.call('PEXPIRE', key, ms)
end
