-- Write back calls that are still in a window after the server lost its data.
-- ARGV: prefix, then name, span, call id and ms ago per call.
for i = 2, #ARGV, 4 do
  local log, span = key('budget', ARGV[i]), tonumber(ARGV[i + 1])
  redis.call('ZADD', log, 'NX', now - ARGV[i + 3], ARGV[i + 2])
  redis.call('PEXPIRE', log, span)
end
return 1
