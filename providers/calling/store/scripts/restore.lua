-- Write back calls that are still in a window after the server lost its data. What is there already stays.
-- ARGV: prefix, rules (JSON), list of {bucket, calls (list of {id, ms ago, amount})} (JSON).
for _, past in ipairs(cjson.decode(ARGV[3])) do
  local bucket = past.bucket
  for _, call in ipairs(past.calls) do
    local id, at = call[1], now - call[2]
    at = is_lumped(bucket) and lump_at(bucket, at) or at
    if at > now - bucket.span and not redis.call('ZSCORE', log_of(bucket), id) then
      enter(bucket, id, at, call[3])
    end
  end
end
return 1
