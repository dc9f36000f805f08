-- Calls at once of one scope: slow start, then additive increase and multiplicative decrease. A cut goes by the calls that
-- were under way; up to what was borne before it, less the cut, more come back as fast as at first: where a limit let few
-- out, few under way were no reason to go slowly for long.
local function in_flight(scope)
  redis.call('ZREMRANGEBYSCORE', key('flight', scope), '-inf', now)
  return redis.call('ZCARD', key('flight', scope))
end

local function read_ramp(scope)
  local ramp = redis.call('HMGET', key('ramp', scope), 'calls', 'turn', 'usual', 'cut_at', 'wanted_at')
  return {
    calls = tonumber(ramp[1]) or RULES.cold, turn = tonumber(ramp[2]) or math.huge,
    usual = tonumber(ramp[3]), cut_at = tonumber(ramp[4]) or 0, wanted_at = tonumber(ramp[5]) or 0,
  }
end

local function write_ramp(scope, ...)
  redis.call('HSET', key('ramp', scope), ...)
  redis.call('PEXPIRE', key('ramp', scope), RULES.warm_for)
end

-- Calls that must be under way to use the limits of the shortest window to the full: limit x latency. 0 without limits.
local function calls_needed(op)
  local span, needed = math.huge, 0
  for _, bucket in ipairs(op.buckets) do
    local calls = bucket.limit / math.max(bucket.cost, 1) * op.latency / bucket.span
    if bucket.span < span then
      span, needed = bucket.span, calls
    elseif bucket.span == span then
      needed = math.min(needed, calls)
    end
  end
  return needed
end

local function grow(scope, latency, needed)
  local ramp = read_ramp(scope)
  local is_steady = not ramp.usual or latency <= RULES.slow * ramp.usual
  local usual = ramp.usual or latency
  usual = usual + (latency - usual) * (latency < usual and RULES.news or RULES.drift)
  if is_steady and ramp.wanted_at >= now - latency - RULES.wanted_for then
    local more = ramp.calls < ramp.turn and 1 or 1 / ramp.calls
    if ramp.calls < ramp.turn then
      more = math.max(more, math.min(needed, ramp.turn, RULES.leap * ramp.calls) - ramp.calls)
    elseif ramp.calls < needed then
      more = math.max(more, RULES.recovery)
    end
    ramp.calls = math.min(ramp.calls + more, RULES.most)
  end
  write_ramp(scope, 'calls', ramp.calls, 'usual', usual)
end

local function shrink(scope, out)
  local ramp = read_ramp(scope)
  if now - ramp.cut_at < RULES.cut_every then
    return
  end
  local calls, turn = math.max(1, math.min(ramp.calls, out) * RULES.cut), math.max(1, ramp.calls * RULES.cut)
  write_ramp(scope, 'calls', calls, 'turn', turn, 'cut_at', now)
end

-- Calls that are under way keep their places, and a probe's. One that had run out is there again.
local function renew(op)
  for _, call in ipairs(op.calls) do
    for _, scope in ipairs(call.scopes) do
      redis.call('ZADD', key('flight', scope), 'GT', now + RULES.lease, call.id)
      redis.call('PEXPIRE', key('flight', scope), RULES.lease + RULES.horizon)
      if redis.call('HGET', key('breaker', scope), 'probe') == call.id then
        redis.call('HSET', key('breaker', scope), 'probe_until', now + RULES.lease)
      end
    end
    if redis.call('HGET', key('doubt', call.account), 'probe') == call.id then
      redis.call('HSET', key('doubt', call.account), 'probe_until', now + RULES.lease)
    end
  end
  return 1
end
