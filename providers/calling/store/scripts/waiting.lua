-- Who waits where. A call that was refused for lack of room counts as waiting at the owners that lacked it (scopes, or the
-- installation), for a short while after it asked and no longer than its patience.

-- A sorted set: party -> until when its calls count as waiting.
local function waiting(owner, urgency)
  return key('waiting', owner .. ':' .. urgency)
end

-- A sorted set: id of a call of the party -> until when it counts as waiting.
local function calls_waiting(owner, op)
  return key('calls', owner .. ':' .. op.urgency .. ':' .. op.party)
end

local function is_anyone_waiting(owner, urgency)
  return redis.call('ZCOUNT', waiting(owner, urgency), '(' .. now, '+inf') > 0
end

-- A party waits as long as the last of its calls.
local function note_party(owner, op)
  local last = redis.call('ZREVRANGE', calls_waiting(owner, op), 0, 0, 'WITHSCORES')[2]
  if last then
    redis.call('ZADD', waiting(owner, op.urgency), last, op.party)
  else
    redis.call('ZREM', waiting(owner, op.urgency), op.party)
  end
end
