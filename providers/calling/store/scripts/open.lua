-- From now on calls may leave, by the minute after a rest. ARGV: prefix, ms to rest.
redis.call('SET', key('state', 'rest_until'), now + ARGV[2], 'NX')
return 1
