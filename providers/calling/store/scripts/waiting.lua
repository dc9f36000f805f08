-- Who waits where. A call that was refused for lack of room counts as waiting at the scopes that lacked it, for a short
-- while after it asked and no longer than its patience.

-- A sorted set: party -> until when its calls count as waiting.
local function waiting(scope, urgency)
  return key('waiting', scope .. ':' .. urgency)
end

-- A sorted set: id of a call of the party -> until when it counts as waiting.
local function calls_waiting(scope, op)
  return key('calls', scope .. ':' .. op.urgency .. ':' .. op.party)
end

local function is_anyone_waiting(scope, urgency)
  return redis.call('ZCOUNT', waiting(scope, urgency), '(' .. now, '+inf') > 0
end

-- A party waits as long as the last of its calls.
local function note_party(scope, op)
  local last = redis.call('ZREVRANGE', calls_waiting(scope, op), 0, 0, 'WITHSCORES')[2]
  if last then
    redis.call('ZADD', waiting(scope, op.urgency), last, op.party)
  else
    redis.call('ZREM', waiting(scope, op.urgency), op.party)
  end
end
