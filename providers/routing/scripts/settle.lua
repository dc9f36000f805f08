-- Replace the reserved amount by the real one. What has left the window already stays gone.
-- KEYS: amounts of each token bucket. ARGV: reservation id, tokens.
for _, amounts in ipairs(KEYS) do
  local reserved = redis.call('HGET', amounts, ARGV[1])
  if reserved then
    redis.call('HSET', amounts, ARGV[1], ARGV[2])
    redis.call('HINCRBY', amounts, 'total', ARGV[2] - reserved)
  end
end
