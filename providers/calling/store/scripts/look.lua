-- ARGV: prefix, cold calls, buckets (JSON), then scopes. Answers {per scope {ms suspended, is half-open, failures, kind,
-- reason, ms held, hold's reason, calls in flight, calls that may be, whose limits 429s seem to be about}, per bucket the
-- units counted in its current window}.
local states, counts = {}, {}
for i = 4, #ARGV do
  local scope = ARGV[i]
  local breaker = redis.call('HMGET', key('breaker', scope), 'open_until', 'failures', 'kind', 'reason')
  local hold = redis.call('HMGET', key('hold', scope), 'until', 'reason')
  local open_until = tonumber(breaker[1]) or 0
  local held_ms = math.max((tonumber(hold[1]) or 0) - now, 0)
  states[#states + 1] = {
    math.max(open_until - now, 0), (open_until > 0 and open_until <= now) and 1 or 0,
    tonumber(breaker[2]) or 0, breaker[3] or '', breaker[4] or '',
    held_ms, held_ms > 0 and hold[2] or '',
    redis.call('ZCOUNT', key('flight', scope), '(' .. now, '+inf'),
    math.floor(tonumber(redis.call('HGET', key('ramp', scope), 'calls')) or ARGV[2]),
    redis.call('GET', key('limits', scope)) or '',
  }
end
for i, bucket in ipairs(cjson.decode(ARGV[3])) do
  trim(bucket)
  counts[i] = used(bucket) + surplus_of(bucket)
end
return {states, counts}
