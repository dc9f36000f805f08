-- Calls at once of one scope: the arithmetic of `ramp`.
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

local function grow(scope, latency)
  local ramp = read_ramp(scope)
  local holds = not ramp.usual or latency <= RULES.slow * ramp.usual
  local usual = ramp.usual or latency
  usual = usual + (latency - usual) * (latency < usual and RULES.news or RULES.drift)
  if holds and ramp.wanted_at >= now - latency - RULES.wanted_for then
    ramp.calls = math.min(ramp.calls + (ramp.calls < ramp.turn and 1 or 1 / ramp.calls), RULES.most)
  end
  write_ramp(scope, 'calls', ramp.calls, 'usual', usual)
end

local function shrink(scope, out)
  local ramp = read_ramp(scope)
  if now - ramp.cut_at < RULES.cut_every then
    return
  end
  local calls = math.max(1, math.min(ramp.calls, out) * RULES.cut)
  write_ramp(scope, 'calls', calls, 'turn', calls, 'cut_at', now)
end
