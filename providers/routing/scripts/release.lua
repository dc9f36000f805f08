-- Take back everything that an admission wrote: its entries, and the probes that are still its own.
-- KEYS: breakers of all scopes, then log and amounts per bucket. ARGV: number of scopes, reservation id, then four per bucket.
local scopes, id = tonumber(ARGV[1]), ARGV[2]
for i = 1, scopes do
  if redis.call('HGET', KEYS[i], 'probe') == id then
    redis.call('HDEL', KEYS[i], 'probe', 'probe_until')
  end
end
for i = 1, (#KEYS - scopes) / 2 do
  drop(read_bucket(scopes + 2 * i - 1, 4 * i - 1), id)
end
