-- A person changed these scopes: nothing is held against them any more, and who goes by an earlier version is refused.
-- ARGV: prefix, version, ms for which that is remembered, then scopes.
local FORGOTTEN = {'breaker', 'hold', 'ramp', 'smooth', 'failing', 'refused', 'fallen', 'doubt', 'limits'}
for i = 4, #ARGV do
  redis.call('SET', key('cleared', ARGV[i]), ARGV[2], 'PX', ARGV[3])
  for _, kind in ipairs(FORGOTTEN) do
    redis.call('DEL', key(kind, ARGV[i]))
  end
end
return 1
