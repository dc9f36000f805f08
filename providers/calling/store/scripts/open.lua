-- From now on calls may leave, by the minute after a rest. ARGV: prefix, ms to rest.
if redis.call('SET', key('state', 'rest_until'), now + ARGV[2], 'NX') then
  redis.call('SET', key('state', 'since'), now)
end
return 1
