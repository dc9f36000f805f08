-- Who goes first where several wait for the same room: the more urgent call. One that was refused for lack of room
-- counts as waiting at the scopes that lacked it, for a short while after it asked and no longer than its patience.

-- A sorted set: call id -> until when it counts as waiting.
local function waiting(scope, urgency)
  return key('waiting', scope .. ':' .. urgency)
end

-- Of an op whose scope has room: whether a more urgent call waits there. One look for all scopes where nobody waits;
-- `seen.may_wait`: the call itself may stand among those that do.
local function outranked(op, seen)
  local names, worst = {}, nil
  for _, scope in ipairs(op.is_test and {} or op.scopes) do
    for urgency = math.max(op.urgency, 1), RULES.most_urgent do
      names[#names + 1] = waiting(scope, urgency)
    end
  end
  if #names == 0 or redis.call('EXISTS', unpack(names)) == 0 then
    return nil
  end
  seen.may_wait = true
  for i, scope in ipairs(op.scopes) do
    for urgency = op.urgency + 1, RULES.most_urgent do
      if redis.call('ZCOUNT', waiting(scope, urgency), '(' .. now, '+inf') > 0 then
        seen.lacks[scope] = true
        worst = longer(worst, 'outranked', RULES.give_way, i)
      end
    end
  end
  return worst
end

-- The least urgent goes before nobody, a test holds nobody up, and who is told a longer wait than his patience goes
-- elsewhere.
local function note_waiting(op, seen, wait)
  if op.urgency == 0 or op.is_test or wait > op.patience then
    return
  end
  local waits_for = math.min(RULES.waits_for, op.patience)
  for scope in pairs(seen.lacks) do
    local name = waiting(scope, op.urgency)
    redis.call('ZREMRANGEBYSCORE', name, '-inf', now)
    redis.call('ZADD', name, now + waits_for, op.id)
    redis.call('PEXPIRE', name, RULES.waits_for)
  end
end

local function note_served(op, seen)
  for _, scope in ipairs(seen.may_wait and op.scopes or {}) do
    redis.call('ZREM', waiting(scope, op.urgency), op.id)
  end
end
